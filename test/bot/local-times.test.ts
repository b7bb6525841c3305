/** Times in the chat by the owner's clock. */
import { FormattedString } from '@grammyjs/parse-mode';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { localTimes } from '../../src/bot/views/local-times.ts';
import { formatUtc, HOUR } from '../../src/domain/time.ts';
import { openRedis, openRig, OWNER, type RedisRig, type Rig } from './rig.ts';
import { textOf } from './phone.ts';
import { finding } from './samples.ts';

const at = (zone: string, now = Date.UTC(2026, 6, 1, 12)) => ({
  zone: () => zone,
  wallNow: () => now,
});
const shown = (text: string, zone: string, now?: number): string =>
  localTimes(text, [], at(zone, now)).text;

describe('times by the clock of the owner', () => {
  it.each([
    ['Europe/Berlin', '2025-10-10 21:15 UTC', '2025-10-10 23:15'],
    ['Asia/Kolkata', '2025-12-31 21:15 UTC', '2026-01-01 02:45'],
    ['UTC', '2025-10-10 21:15 UTC', '2025-10-10 21:15 UTC'],
    // The night in which summer time ends: the same hour twice.
    ['Europe/Berlin', '2025-10-26 00:30 UTC', '2025-10-26 02:30'],
    ['Europe/Berlin', '2025-10-26 01:30 UTC', '2025-10-26 02:30'],
    ['Europe/Berlin', 'from 11:13:55 to 11:15:00 UTC (65 s)', 'from 13:13:55 to 13:15:00 (65 s)'],
    // Of the day before, because it is later than now.
    ['America/New_York', 'since 12:30:08 UTC.', 'since 08:30:08.'],
    ['Europe/Berlin', '2025-10-10 21:15:00.001 UTC', '2025-10-10 21:15:00.001 UTC'],
    ['Europe/Berlin', '2025-10-10T21:15Z', '2025-10-10T21:15Z'],
    ['Europe/Berlin', '2025-13-40 21:15 UTC', '2025-13-40 21:15 UTC'],
  ])('in %s: %s is %s', (zone, text, local) => {
    expect(shown(text, zone)).toBe(local);
  });

  it('keep what is formatted, and never make a text longer', () => {
    const word = fc.constantFrom(
      'a',
      '😀',
      'שלום',
      formatUtc(Date.UTC(2025, 6, 1)),
      '\n',
      '2025-10-10',
    );
    const part = fc.record({ text: word, bold: fc.boolean() });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const whole = FormattedString.join(
          parts.map(({ text, bold }) =>
            bold ? FormattedString.b(text) : new FormattedString(text),
          ),
          ' ',
        );
        const { text, entities } = localTimes(whole.text, whole.entities, at('Europe/Berlin'));
        expect(text.length).toBeLessThanOrEqual(whole.text.length);
        expect(entities.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual(
          whole.entities.map(({ offset, length }) =>
            shown(whole.text.slice(offset, offset + length), 'Europe/Berlin'),
          ),
        );
      }),
    );
  });
});

describe('the chat', () => {
  let redisRig: RedisRig;
  let rig: Rig;
  beforeAll(async () => {
    redisRig = await openRedis();
  });
  afterAll(() => redisRig.close());
  afterEach(() => rig.close());

  it('goes by the zone that the owner has named: alerts and answers', async () => {
    rig = await openRig({ redis: redisRig.redis });
    const { phone, world } = rig;
    await phone.send('/alerts zone Asia/Tokyo');
    await phone.hears('Your time zone: Asia/Tokyo');
    await world.outbox.raise(finding('one', { severity: 'critical', at: world.now }));
    const local = formatUtc(world.now + 9 * HOUR).slice(0, 16);
    expect(textOf(await phone.hears('Happening one'))).toContain(`#1 · ${local} · demo`);
    await phone.send('/balance');
    expect(textOf(await phone.hears(/^Balance/))).toContain(local.slice(0, 13));
  });

  it('never leaves a "%" alone at the end of a line, in answers and in alerts', async () => {
    rig = await openRig({ redis: redisRig.redis });
    const { phone, world, chat } = rig;
    await phone.send('/limits');
    await phone.hears(/^Limits/);
    await world.outbox.raise(finding('one', { severity: 'critical', lines: ['So 80 % is used.'] }));
    await phone.hears('Happening one');
    const sent = await fetch(`${chat.url}/user/messages?chat=${OWNER}`);
    const raw = await sent.text();
    expect(raw).toContain('So 80\u00A0% is used.');
    expect(raw).not.toMatch(/\d %/);
  });
});
