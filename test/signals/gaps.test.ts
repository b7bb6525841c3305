import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { eventsIn, snapshotColumns, viewAt } from '../../src/backtest/candles/snapshot-columns.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { price, toNumber } from '../../src/domain/money/money.ts';
import { DAY } from '../../src/domain/time.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { breakout } from '../../src/signals/strategies/breakout.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { at } from '../indicators/market.ts';
import { gap, market, recordingOf, STEP } from './gapped.ts';
import { instrument } from './samples.ts';

const TICK = 1e-6;
const FINE = instrument('XUSDT', { tick: price('0.000001'), priceDecimals: 6 });

interface Event {
  readonly closedAt: number;
  readonly stop: number;
  readonly target: number;
}

/** The definition as the plainest loop: of the candles that are there, none of them older than 42 that are missing in a row. */
function byHand(sound: readonly Candle[], side: 'long' | 'short'): Event[] {
  const events: Event[] = [];
  let own: Candle[] = [];
  let atr = 0;
  let held = true;
  for (const candle of sound) {
    const last = own.at(-1);
    if (last !== undefined && candle.openTime - last.openTime > 43 * STEP) own = [];
    const { openTime, high, low, close } = candle;
    const before = own.at(-1)?.close ?? close;
    const range = Math.max(high, before) - Math.min(low, before);
    own.push(candle);
    // The first range has no close before it; the next 14 are averaged, the others smoothed.
    const ranges = own.length - 1;
    if (ranges === 0) atr = 0;
    else atr = ranges <= 14 ? atr + range / 14 : (atr * 13 + range) / 14;
    const window = own.slice(-331, -1);
    const mean = own.slice(-200).reduce((sum, each) => sum + each.close, 0) / 200;
    const holds =
      side === 'short'
        ? close < Math.min(...window.map((each) => each.low))
        : close > Math.max(...window.map((each) => each.high)) && close > mean;
    const traded = own
      .filter((each) => each.openTime > openTime - DAY)
      .reduce((sum, each) => sum + each.close * each.volume, 0);
    // Nothing is known of the candle before the first with a whole window.
    if (own.length > 331 && holds && !held && traded >= 5_000_000) {
      const sign = side === 'short' ? 1 : -1;
      const distance = Math.min(Math.max((2 * atr) / close, 0.005), 0.05);
      events.push({
        closedAt: openTime + STEP,
        stop: close * (1 + sign * distance),
        target: close * (1 - sign * (2 * distance + 0.0066)),
      });
    }
    held = holds;
  }
  return events;
}

const STRATEGIES = { short: breakdown, long: breakout } as const;

/** What the tracker of the live scan finds, candle by candle; the columns of a backtest know the same to the last bit. */
function live(candles: readonly Candle[], side: 'long' | 'short'): Event[] {
  const strategy = STRATEGIES[side];
  const columns = snapshotColumns(columnsOf(candles), strategy);
  const rows = new Set(eventsIn(columns, strategy.parameters).map(({ row }) => row));
  const tracker = createTracker('XUSDT', strategy);
  return candles.flatMap((candle, row) => {
    const { kind } = tracker.feed(candle);
    const isUsed = kind !== 'refused';
    const request = isUsed ? tracker.request(strategy.parameters) : undefined;
    const known = [viewAt(columns, row), rows.has(row)];
    const again = [isUsed ? tracker.snapshot() : undefined, request !== undefined];
    // The digits that JSON writes are those of one number only; a matcher at each row takes most of the time.
    if (JSON.stringify(known) !== JSON.stringify(again)) expect(known).toEqual(again);
    if (request === undefined) return [];
    const found = tracker.evaluate(FINE);
    if (found.kind !== 'signal') throw new Error(JSON.stringify(found));
    const { candleClosedAt: closedAt, stop, target } = found.signal;
    return [{ closedAt, stop: toNumber(stop), target: toNumber(target) }];
  });
}

function expectSame(
  candles: readonly Candle[],
  expected: readonly Event[],
  side: 'long' | 'short',
) {
  const found = live(candles, side);
  expect(found.map(({ closedAt }) => closedAt)).toEqual(expected.map(({ closedAt }) => closedAt));
  for (const [index, { stop, target }] of expected.entries()) {
    expect(Math.abs(at(found, index).stop - stop)).toBeLessThan(1.01 * TICK);
    expect(Math.abs(at(found, index).target - target)).toBeLessThan(1.01 * TICK);
  }
}

describe.each(['short', 'long'] as const)('a channel rule over gaps, %s', (side) => {
  it('finds the events, stops and targets of a plain loop over the candles that are there', () => {
    let events = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(gap, { maxLength: 6 }),
        (seed, gaps) => {
          const { candles, sound } = recordingOf(market(seed, 1_200), gaps);
          const expected = byHand(sound, side);
          events += expected.length;
          expectSame(candles, expected, side);
        },
      ),
      { numRuns: 40 },
    );
    expect(events).toBeGreaterThan(60);
  });

  it.each([1, 3, 4, 41, 42])('finds the crossing right behind a gap of %i', (missing) => {
    const all = market(5, 1_200);
    const [crossing] = byHand(all, side).filter(({ closedAt }) => closedAt > at(all, 600).openTime);
    const row = all.findIndex(({ openTime }) => openTime + STEP === crossing?.closedAt);
    // So much is traded in the one candle that the missing ones cost nothing.
    const busy = { ...at(all, row), volume: 1e6 };
    const candles = [...all.slice(0, row - missing), busy, ...all.slice(row + 1)];
    const expected = byHand(candles, side);
    expect(expected.map(({ closedAt }) => closedAt)).toContain(crossing?.closedAt);
    expectSame(candles, expected, side);
  });
});

it('a gap of a week is bridged at once, a longer one starts everything over', () => {
  const all = market(7, 800);
  const after = (missing: number) => {
    const tracker = createTracker('XUSDT', breakdown);
    for (const candle of all.slice(0, 400)) tracker.feed(candle);
    return { outcome: tracker.feed(at(all, 400 + missing)), tracker };
  };
  const bridged = after(42);
  expect(bridged.outcome).toEqual({ kind: 'used-after-gap', missing: 42 });
  expect(bridged.tracker.snapshot()).toBeDefined();
  expect(bridged.tracker.candlesToCome()).toBe(0);
  const over = after(43);
  expect(over.outcome).toEqual({ kind: 'restarted', missing: 43 });
  expect(over.tracker.readiness()).toMatchObject({ ready: false, have: 1, after: 'gap' });
  // 331 with a view, and the one that an event is judged against.
  expect(over.tracker.candlesToCome()).toBe(331);
});

it('what was traded in 24 h is that of the last 24 h by the clock, missing candles counting as nothing', () => {
  const all = market(9, 400).map((each) => ({ ...each, close: each.open, volume: 1e6 }));
  const day = (missing: number): number | undefined => {
    const tracker = createTracker('XUSDT', breakdown);
    for (const candle of all.slice(0, 340)) tracker.feed(candle);
    for (const candle of all.slice(340 + missing, 342 + missing)) tracker.feed(candle);
    return tracker.snapshot()?.dayTurnover;
  };
  const sum = (...rows: readonly number[]): number =>
    rows.reduce((total, row) => total + at(all, row).close * at(all, row).volume, 0);
  expect(day(0)).toBe(sum(336, 337, 338, 339, 340, 341));
  expect(day(3)).toBe(sum(339, 343, 344));
  expect(day(4)).toBe(sum(344, 345));
  expect(day(42)).toBe(sum(382, 383));
});
