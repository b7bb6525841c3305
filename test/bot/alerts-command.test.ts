import { describe, expect, it } from 'vitest';
import { type Rig, rigsOfFile, type RigOptions } from './rig.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { finding } from './samples.ts';
import { createTellingStore } from '../../src/store/repositories/telling-store.ts';
import { storeKeys } from '../../src/store/keys.ts';

const rigs = rigsOfFile();
let rig: Rig;

/** 03:00 in UTC, 05:00 in Berlin. */
const NIGHT = Date.UTC(2025, 6, 1, 3);
const QUIET = { kinds: {}, zone: 'UTC', quiet: { from: 22 * 60, to: 7 * 60 } };

async function open(over: Partial<RigOptions> = {}) {
  const wall = { now: NIGHT };
  rig = await rigs.open({ bot: { wallNow: () => wall.now }, ...over });
  return { ...rig, rig, wall };
}

/** The message under which the buttons stand, once it shows that text. */
const shows = async ({ phone }: Pick<Rig, 'phone'>, text: string) => phone.hears(text);

describe('/alerts', () => {
  it('sets quiet hours, zone and kinds by taps', async () => {
    const { phone, world } = await open({ bot: {} });
    await phone.send('/alerts');
    const message = await phone.hears('How I tell you');
    await phone.tap(message.id, 'k:quiet');
    await phone.tap(message.id, 'k:quiet-quiet_22-7');
    await shows({ phone }, 'Quiet hours: 22:00-07:00');
    await phone.tap(message.id, 'k:zones-2');
    await shows({ phone }, 'Your time zone: Europe/Berlin');
    await phone.tap(message.id, 'k:kinds-signal_off');
    await shows({ phone }, 'trade ideas: not sent');
    expect(world.loudness).toEqual({
      kinds: { signal: 'off' },
      zone: 'Europe/Berlin',
      quiet: { from: 1320, to: 420 },
    });
    await phone.tap(message.id, 'k:quiet-quiet_off');
    await shows({ phone }, 'Quiet hours: none');
  });

  it('takes the same in words, and says what is allowed', async () => {
    const { phone, world } = await open({ bot: {} });
    await phone.send('/alerts quiet 23:30 to 6');
    await phone.hears('Quiet hours: 23:30-06:00');
    await phone.send('/alerts zone america/new_york');
    await phone.hears('Your time zone: America/New_York');
    await phone.send('/alerts trade ideas silent');
    await phone.hears('trade ideas: never with a sound');
    const before = world.loudness;
    await phone.send('/alerts quiet 25-7');
    await phone.hears('Quiet hours are written like 22:00-7:00');
    await phone.send('/alerts zone Atlantis');
    await phone.hears('I know no time zone "atlantis"');
    await phone.send('/alerts unprotected off');
    await phone.hears('I know no kind of message called "unprotected"');
    expect(world.loudness).toEqual(before);
  });

  it('asks for the time zone when the owner is paired', async () => {
    const { phone, world } = await open({ paired: false, bot: {} });
    await phone.send('/start GOODCODE');
    const asked = await phone.hears('which time zone do you live in?');
    const press = (message: UserMessage, label: string): Promise<void> => {
      const found = (message.keyboard ?? []).flat().find(({ text }) => text === label);
      return phone.tap(message.id, found?.callback_data ?? `no button "${label}"`);
    };
    await press(asked, 'London');
    const quiet = await phone.hears('at which hours shall only what costs money ring?');
    expect(world.loudness.zone).toBe('Europe/London');
    await press(quiet, '22-7');
    const sound = await phone.hears('Did it make a sound');
    expect(sound.silent).toBe(false);
    expect(world.loudness.quiet).toEqual({ from: 22 * 60, to: 7 * 60 });
    await press(sound, 'It was silent');
    await phone.hears('Then you would miss what endangers money');
  });

  it('tries the sound again when it is asked to', async () => {
    const { phone } = await open({ bot: {} });
    await phone.send('/alerts');
    const message = await phone.hears('Quiet hours');
    await phone.tap(message.id, 'k:sound');
    const sound = await phone.hears('Did it make a sound');
    await phone.tap(sound.id, 'k:sound-yes');
    await phone.hears('Good: so you hear what matters.');
  });
});

describe('an alarm that lasts', () => {
  it('is listed with its number and age, and has a button that says Seen', async () => {
    const { phone, world } = await open({ bot: {} });
    const state = { id: 'x:1', name: 'ETHUSDT long has no stop', lines: [] };
    const raised = await world.outbox.raise(finding('naked', { severity: 'critical', state }));
    if (raised === undefined) throw new Error('told before');
    world.states = [{ id: state.id, told: [{ ...raised, at: world.now - 12 * 60_000 }] }];
    const alarm = await phone.hears('Happening naked');
    expect(alarm.keyboard?.flat().map(({ text }) => text)).toEqual(['Seen']);
    await phone.tap(alarm.id, 's:seen');
    await eventually(
      () => phone.answers.find(({ text }) => text.startsWith('Noted. While it lasts')),
      () => JSON.stringify(phone.answers),
    );
    expect(world.presentAt).toBe(world.now);
    await phone.send('/alerts');
    const list = textOf(await phone.hears('How I tell you'));
    expect(list).toContain('🔴 #1 ETHUSDT long has no stop: for 12 min');
  });
});

describe('quiet hours', () => {
  it('hold back what costs nothing and tell it as one list in the morning', async () => {
    const { phone, world, wall } = await open({
      before: (fresh) => void (fresh.loudness = QUIET),
    });
    await world.outbox.raise(finding('look', { severity: 'warning' }));
    await world.outbox.raise(finding('news', { severity: 'info' }));
    await world.outbox.raise(finding('loss', { severity: 'warning', stakes: 'cost' }));
    await world.outbox.raise(finding('end', { severity: 'critical' }));
    expect((await phone.hears('Happening end')).silent).toBe(false);
    expect((await phone.hears('Happening loss')).silent).toBe(false);
    const texts = (await phone.messages()).map(textOf).join('\n');
    expect(texts).not.toContain('Happening look');
    expect(texts).not.toContain('Happening news');
    wall.now = Date.UTC(2025, 6, 1, 7);
    const list = await phone.hears('Good morning: 2 messages from your quiet hours');
    expect(textOf(list)).toContain('#1 Happening look');
    expect(textOf(list)).toContain('#2 Happening news');
    expect(list.silent).toBe(false);
  });

  it('hold nothing back from an owner who writes', async () => {
    const { phone, world } = await open({ before: (fresh) => void (fresh.loudness = QUIET) });
    await phone.send('/help');
    await phone.hears('/status');
    await world.outbox.raise(finding('look', { severity: 'warning' }));
    await phone.hears('Happening look');
    expect(world.presentAt).toBe(world.now);
  });
});

describe('a kind that is off', () => {
  it('keeps its number and is not sent', async () => {
    const { phone, world } = await open({
      bot: {},
      before: (fresh) => void (fresh.loudness = { kinds: { signal: 'off' }, zone: 'UTC' }),
    });
    await world.outbox.raise(finding('idea', { kind: 'signal' }));
    await world.outbox.raise(finding('after'));
    await phone.hears('#2');
    await eventually(
      () => (world.outbox.rows[0]?.status === 'sent' ? true : undefined),
      () => JSON.stringify(world.outbox.rows),
    );
    expect((await phone.messages()).map(textOf).join('\n')).not.toContain('Happening idea');
  });
});

describe('what is stored of it', () => {
  it('is read back, and counts as never set where it is damaged', async () => {
    const keys = storeKeys('telling');
    const store = createTellingStore(rigs.redis(), keys);
    expect(await store.settings()).toEqual({ kinds: {}, zone: 'UTC' });
    const wanted = { ...QUIET, kinds: { signal: 'off' as const } };
    await store.save(wanted);
    expect(await store.settings()).toEqual(wanted);
    await rigs.redis().set(keys.loudness, '{"kinds":{},"zone":7}');
    expect(await store.settings()).toEqual({ kinds: {}, zone: 'UTC' });
    await rigs.redis().del(keys.loudness);
    await rigs.redis().hset(keys.loudness, 'a', 'b');
    expect(await store.settings()).toEqual({ kinds: {}, zone: 'UTC' });
    expect(await store.presentAt()).toBeUndefined();
    await store.notePresence(5);
    expect(await store.presentAt()).toBe(5);
  });
});
