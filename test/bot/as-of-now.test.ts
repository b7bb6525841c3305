/** What waited is judged again at the moment in which it is told: with the figures of now, or not at all. */
import { describe, expect, it } from 'vitest';
import { asOfNow } from '../../src/app/telling/as-of-now.ts';
import { rules } from '../../src/alerts/explain/with-basis.ts';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import type { Alert, Finding } from '../../src/domain/alert.ts';
import { SECOND } from '../../src/domain/time.ts';
import type { StopWarning } from '../../src/risk/stop/emergency-stop.ts';
import { NOW, position } from '../alerts/fixtures.ts';
import { eventually, textOf } from './phone.ts';
import { rigsOfFile, type Rig } from './rig.ts';
import { finding } from './samples.ts';

const rigs = rigsOfFile();

const warning = (usedPercent: number, level: 60 | 80 = 60): StopWarning => ({
  key: `heat:${level}:0`,
  id: 'heat',
  label: 'loss if all stops fill',
  level,
  usedPercent,
  sentence: `If all stops fill, ${usedPercent} USDT are lost.`,
  contributors: [],
});
const raised = (usedPercent: number, level: 60 | 80 = 60): Finding =>
  rules.limitWarning(warning(usedPercent, level), NOW);
const waiting = (found: Finding, number = 1): Alert => ({
  ...found,
  number,
  status: 'queued',
  attempts: 0,
});
const reading = (over: Partial<AccountSnapshot>): AccountSnapshot =>
  ({ positions: [position()], at: NOW + 20 * SECOND, nearLimits: new Map(), ...over }) as never;
describe('a warning of a limit that waited', () => {
  it('is told with the figures of now, and as it was where no later reading is there', () => {
    const one = waiting(raised(85));
    const later = reading({ nearLimits: new Map([['heat', warning(62)]]) });
    const [told] = asOfNow([one], later).due;
    expect(told?.title).toBe('62 % of the limit for loss if all stops fill is used');
    expect(told?.lines[0]).toContain('62 USDT');
    expect(told).toMatchObject({ key: one.key, number: 1, at: later.at });
    expect(told?.basis?.inputs[0]).toMatchObject({ usedPercent: 62 });
    for (const none of [
      undefined,
      reading({ at: NOW }),
      reading({ nearLimits: undefined as never }),
    ])
      expect(asOfNow([one], none)).toEqual({ due: [one], over: [], passed: [] });
  });

  it('stays as it was raised where the limit is used up meanwhile: the halt tells that', () => {
    const one = waiting(raised(85));
    const halted = reading({ nearLimits: new Map([['heat', 'used up' as const]]) });
    expect(asOfNow([one], halted)).toEqual({ due: [one], over: [], passed: [] });
  });

  it('is dropped where its step is left', () => {
    const one = waiting(raised(61));
    expect(asOfNow([one], reading({}))).toEqual({ due: [], over: [one], passed: [] });
  });

  it('gives way to a further step of the same limit', () => {
    const [one, other] = [waiting(raised(65)), waiting(raised(85, 80), 2)];
    const now = reading({ nearLimits: new Map([['heat', warning(85, 80)]]) });
    const { due, passed } = asOfNow([one, other], now);
    expect([due.map(({ number }) => number), passed]).toEqual([[2], [one]]);
  });
});

describe('what is asked or told of an open position', () => {
  it.each(['trail-stuck:p1:7', 'time-stop:p1:7', 'held-long:p1', 'funding-ahead:p1:9999999999999'])(
    '%s is dropped where that has closed meanwhile',
    (key) => {
      const one = waiting(finding(key, { at: NOW }));
      expect(asOfNow([one], reading({})).due).toEqual([one]);
      expect(asOfNow([one], reading({ positions: [] })).over).toEqual([one]);
      expect(asOfNow([one], reading({ positions: [], at: NOW })).due).toEqual([one]);
    },
  );

  it('is dropped where the funding that was ahead is paid', () => {
    const one = waiting(finding(`funding-ahead:p1:${NOW + 10 * SECOND}`, { at: NOW }));
    expect(asOfNow([one], reading({})).over).toEqual([one]);
  });

  it('stays where it is a happening', () => {
    const one = waiting(finding('position-opened:p1', { at: NOW }));
    expect(asOfNow([one], reading({ positions: [] })).due).toEqual([one]);
  });
});

describe('on the phone', () => {
  const opened = (found: Finding, near: AccountSnapshot['nearLimits']): Promise<Rig> =>
    rigs.open({
      before: async (world) => {
        const { account, positions, protections, openOrders } = world;
        world.snapshot = {
          account,
          positions,
          protections,
          openOrders,
          at: NOW + 20 * SECOND,
          ...(near === undefined ? {} : { nearLimits: near }),
        };
        await world.outbox.raise(found);
      },
    });

  it('a stop that was moved meanwhile: the warning has the figures of now, and so has /alerts', async () => {
    const { phone, world } = await opened(raised(85), new Map([['heat', warning(62)]]));
    expect(textOf(await phone.hears('of the limit for'))).toContain('62 % of the limit');
    expect(world.outbox.rows[0]?.title).toContain('62 %');
  });

  it('nothing is told of a limit that is left, and what comes after it is', async () => {
    const { phone, world } = await opened(raised(85), new Map());
    await world.outbox.raise(finding('other'));
    await phone.hears('Happening other');
    await eventually(
      () => world.outbox.rows.every(({ status }) => status === 'sent') || undefined,
      () => JSON.stringify(world.outbox.rows),
    );
    const said = (await phone.messages()).map(textOf);
    expect(said.filter((each) => each.includes('of the limit for'))).toEqual([]);
    // It holds again: what was never told is news.
    Object.assign(world.snapshot ?? {}, { nearLimits: new Map([['heat', warning(66)]]) });
    await world.outbox.raise(raised(66));
    expect(textOf(await phone.hears('of the limit for'))).toMatch(/66 % of the limit[^]*#3 · /);
  });
});
