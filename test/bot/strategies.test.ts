import { describe, expect, it } from 'vitest';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { EXPECT, EXPECT_ALONE } from '../../src/app/scan/read-strategies.ts';
import { briefRecord, expectText } from '../../src/backtest/study/evidence.ts';
import { SCANNED } from '../../src/signals/strategies/list.ts';
import { textOf } from './phone.ts';
import { type Rig, rigsOfFile } from './rig.ts';

const rigs = rigsOfFile();
let rig: Rig;

const dataOf = (message: UserMessage, label: string): string =>
  (message.keyboard ?? []).flat().find(({ text }) => text === label)?.callback_data ?? '';

/** Two taps: the strategy, then where it goes. */
async function put(shown: UserMessage, strategy: string, place: string): Promise<void> {
  const { phone } = rig;
  const row = (shown.keyboard ?? []).flat().find(({ text }) => text.startsWith(`${strategy}: `));
  await phone.tap(shown.id, row?.callback_data ?? '');
  const label = `${strategy}: ${place}`;
  const opened = await phone.hears((message) => dataOf(message, label) !== '');
  await phone.tap(opened.id, dataOf(opened, label));
}

it('what to expect is what the records say of each strategy, and no more', () => {
  for (const { name } of SCANNED) {
    const shares = [...briefRecord(name).matchAll(/(?:long|short) (\d+)/g)].map((each) =>
      Number(each[1]),
    );
    const about = Number(/about (\d+)/.exec(expectText([name]))?.[1]);
    expect(about).toBeGreaterThanOrEqual(Math.round(Math.min(...shares) / 10));
    expect(about).toBeLessThanOrEqual(Math.round(Math.max(...shares) / 10));
  }
  expect(EXPECT_ALONE).toBe(`breakdown sells short only. ${EXPECT}`);
  expect(EXPECT).toBe(
    'Of 10 signals of breakdown about 4 win, of the others about 3, never 7 or 8; losing months are normal. No advice.',
  );
  // The others are named where not all are measured.
  expect(expectText(['agreement', 'of tomorrow', 'breakout', 'breakdown'])).toContain(
    'Of 10 signals of breakdown about 4 win, of agreement and breakout about 3, never 7 or 8;',
  );
  expect(expectText(['of tomorrow'])).toBe('Never 7 or 8; losing months are normal. No advice.');
});

describe('/strategies', () => {
  it('says where each stands and what it is worth, and changes that by a tap', async () => {
    rig = await rigs.open();
    const { phone, world } = rig;
    await phone.send('/strategies');
    const shown = await phone.hears('breakdown, 🔔 pushed');
    const text = textOf(shown);
    expect(text).toContain('It sells short only.');
    expect(text).toContain('short 40 of 100 reached the target, 33 break even');
    expect(text).toMatch(/long \d+, short \d+ of 100 reached the target, 29 break even/);
    // What stands on one screen of a phone.
    const rows = text.split('\n').map((line) => Math.max(1, Math.ceil(line.length / 40)));
    expect(rows.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(24);
    const row = (shown.keyboard ?? []).flat().find((each) => each.text.startsWith('breakdown: '));
    await phone.tap(shown.id, row?.callback_data ?? '');
    const opened = await phone.hears('In words: /strategies breakdown watch.');
    const whole = textOf(opened);
    expect(whole).toContain('Of 10 signals of breakdown about 4 win, never 7 or 8');
    expect(whole).toMatch(
      /perpetuals 2024-2026, short: 40 of 100 such signals reached the target, 33 break even; \+0\.22 times the risk each \(-0\.06 to \+0\.50\); most of it in 5 weeks of 89, in an ordinary week -0\.17/,
    );
    expect(text).toContain('breakout, 👁 watched');
    expect(text).toContain(EXPECT);
    await phone.tap(opened.id, dataOf(opened, 'breakdown: ⛔ off'));
    await phone.hears('breakdown, ⛔ off');
    expect(world.places.get('breakdown')).toMatchObject({ place: 'off', by: 'owner' });
  });

  it('takes words, and names what it does not know', async () => {
    rig = await rigs.open();
    const { phone, world } = rig;
    await phone.send('/strategies breakout push');
    await phone.hears('breakout, 🔔 pushed');
    await phone.send('/strategies breakout');
    await phone.hears('I do not know "breakout", so nothing was changed.');
    await phone.send('/strategies martingale push');
    await phone.hears('There is no strategy "martingale".');
    expect([...world.places.keys()]).toEqual(['breakout']);
  });

  it('watches everything with real money, and pushes after one confirmation under the record', async () => {
    rig = await rigs.open({ ports: { venueMode: 'live' } });
    const { phone, world } = rig;
    await phone.send('/strategies');
    const shown = await phone.hears('breakdown, 👁 watched');
    expect(textOf(shown)).not.toContain('pushed');
    await put(shown, 'breakdown', '🔔 push');
    const card = await phone.hears('Push the signals of breakdown?');
    expect(textOf(card)).toContain('40 of 100 such signals reached the target');
    expect(world.places.size).toBe(0);
    await phone.tap(card.id, dataOf(card, 'Confirm: push'));
    await phone.hears('breakdown, 🔔 pushed');
    expect(world.places.get('breakdown')).toMatchObject({ place: 'push' });
  });

  it('pushes nothing while it cannot be read, and says so', async () => {
    const read = () => Promise.reject(new Error('the store is away'));
    const places = { read, save: async () => undefined };
    rig = await rigs.open({ ports: { places } });
    await rig.phone.send('/strategies');
    await rig.phone.hears('Unavailable (the store is away). Nothing is pushed.');
  });
});
