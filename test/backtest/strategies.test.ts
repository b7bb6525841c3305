import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { snapshotColumns, viewAt } from '../../src/backtest/candles/snapshot-columns.ts';
import { signalRows } from '../../src/backtest/study/signal-rows.ts';
import { followAll } from '../../src/backtest/study/signal-study.ts';
import { DEFAULT_COSTS } from '../../src/backtest/trade/costs.ts';
import { RECORDED_TIERS, recordedInstrument } from '../../src/backtest/trade/instrument.ts';
import type { Candle, Interval } from '../../src/domain/candle.ts';
import { intervalMs } from '../../src/domain/candle.ts';
import { bandReversion } from '../../src/signals/strategies/band-reversion.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { breakout } from '../../src/signals/strategies/breakout.ts';
import type { Strategy } from '../../src/signals/strategy.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { at, walk } from '../indicators/market.ts';
import * as reference from '../indicators/reference.ts';
import { damaged } from './damaged.ts';

const DECIMALS = 4;
const TICK = 10 ** -DECIMALS;

/** Candles as a file has them, of any length. */
function candlesOf(
  seed: number,
  { count, interval, noise }: { count: number; interval: Interval; noise: number },
): Candle[] {
  const start = Date.UTC(2024, 0, 1);
  return walk({ seed, count, noise, volume: 200_000 }).map((each, row) => ({
    openTime: start + row * intervalMs(interval),
    open: Number(each.open.toFixed(DECIMALS)),
    high: Number(each.high.toFixed(DECIMALS)),
    low: Number(each.low.toFixed(DECIMALS)),
    close: Number(each.close.toFixed(DECIMALS)),
    volume: each.volume,
  }));
}

/** A rule as it is written down: its condition on row t, how far stop and target lie from the close, and how many candles it may last. */
interface Rule {
  readonly sign: 1 | -1;
  readonly holds: (row: number) => boolean;
  readonly from: number;
  readonly distances: (row: number) => readonly [stop: number, target: number];
  readonly day: number;
  readonly most: number;
}

const channel = (candles: readonly Candle[], sign: 1 | -1): Rule => {
  const atr = reference.atr(candles, 14);
  const closes = candles.map(({ close }) => close);
  const means = reference.mean(closes, 200);
  return {
    sign,
    holds: (row) => {
      const before = candles.slice(row - 330, row);
      if (sign < 0) return at(closes, row) < Math.min(...before.map(({ low }) => low));
      return (
        at(closes, row) > Math.max(...before.map(({ high }) => high)) &&
        at(closes, row) > (means[row] ?? Infinity)
      );
    },
    from: 331,
    distances: (row) => {
      const stop = Math.min(Math.max((2 * (atr[row] ?? NaN)) / at(closes, row), 0.005), 0.05);
      return [stop, 2 * stop + 0.0066];
    },
    day: 6,
    most: 84,
  };
};

const reversion = (candles: readonly Candle[]): Rule => {
  const rsi = reference.rsi(candles, 14);
  const bands = reference.bands(candles, 20);
  return {
    sign: 1,
    holds: (row) => at(candles, row).close < (bands[row]?.lower ?? -1) && (rsi[row] ?? 100) < 30,
    from: 199,
    distances: () => [0.015, 0.03],
    day: 24,
    most: 336,
  };
};

/** The definitions as one plain loop: event, entry at the next open, stop before target, gaps at the open, the last close. */
function byHand(candles: readonly Candle[], rule: Rule) {
  const found = [];
  let row = rule.from;
  while (row < candles.length - 1) {
    const traded = candles
      .slice(row - rule.day + 1, row + 1)
      .reduce((sum, { close, volume }) => sum + close * volume, 0);
    if (!rule.holds(row) || rule.holds(row - 1) || traded < 5_000_000) {
      row += 1;
      continue;
    }
    const [stopAway, targetAway] = rule.distances(row);
    const { close } = at(candles, row);
    const stop = close * (1 - rule.sign * stopAway);
    const target = close * (1 + rule.sign * targetAway);
    const ended = endOf(candles, { first: row + 1, stop, target, rule });
    if (ended === undefined) break;
    const entry = at(candles, row + 1);
    found.push({ entryTime: entry.openTime, entry: entry.open, stop, target, ...ended });
    row = candles.findIndex(({ openTime }) => openTime === ended.exitTime);
  }
  return found;
}

interface Open {
  readonly first: number;
  readonly stop: number;
  readonly target: number;
  readonly rule: Rule;
}

function endOf(candles: readonly Candle[], { first, stop, target, rule: { sign, most } }: Open) {
  for (let row = first; row < candles.length; row += 1) {
    const { openTime: exitTime, open, high, low, close } = at(candles, row);
    const [worst, best] = sign > 0 ? [low, high] : [high, low];
    const hits = (price: number, level: number): boolean => (price - level) * sign <= 0;
    if (row > first && hits(open, stop)) return { exitTime, exit: open, reason: 'stop' };
    if (row > first && hits(-open, -target)) return { exitTime, exit: open, reason: 'target' };
    if (hits(worst, stop)) return { exitTime, exit: stop, reason: 'stop' };
    if (hits(-best, -target)) return { exitTime, exit: target, reason: 'target' };
    if (row === first + most - 1) return { exitTime, exit: close, reason: 'time' };
  }
  return undefined;
}

function followed(candles: readonly Candle[], strategy: Strategy) {
  const instrument = recordedInstrument({ symbol: 'XUSDT', priceDecimals: DECIMALS, price: 100 });
  const columns = snapshotColumns(columnsOf(candles), strategy);
  const { parameters } = strategy;
  const markets = [{ instrument, category: 'other', tiers: RECORDED_TIERS, columns }];
  const window = { from: -Infinity, to: Infinity };
  const input = { markets, window, parameters, costs: DEFAULT_COSTS };
  const trades = followAll(input);
  return signalRows(markets, trades, parameters);
}

describe.each([
  { strategy: breakdown as Strategy, ruleOf: (all: readonly Candle[]) => channel(all, -1) },
  { strategy: breakout as Strategy, ruleOf: (all: readonly Candle[]) => channel(all, 1) },
  { strategy: bandReversion as Strategy, ruleOf: reversion },
])('$strategy.name', ({ strategy, ruleOf }) => {
  const { interval } = strategy;

  // Stops between their limits, at the least of 0.5 % with trades that end by time, and at the cap of 5 %.
  it.each([
    { seed: 1, noise: 0.006, ends: 'stop' },
    { seed: 2, noise: 0.006, ends: 'target' },
    { seed: 3, noise: 0.0006, ends: 'time' },
    { seed: 4, noise: 0.03, ends: 'stop' },
  ])(
    'finds the events of a plain loop, with its stops, targets and ends: seed $seed',
    ({ seed, noise, ends }) => {
      const candles = candlesOf(seed, { count: 6_000, interval, noise });
      const expected = byHand(candles, ruleOf(candles));
      const actual = followed(candles, strategy);
      expect(expected.length).toBeGreaterThan(5);
      expect(expected.map(({ reason }) => reason)).toContain(ends);
      expect(actual.map(({ entryTime, entry }) => [entryTime, entry])).toEqual(
        expected.map(({ entryTime, entry }) => [entryTime, entry]),
      );
      for (const [index, one] of expected.entries()) {
        const other = at(actual, index);
        expect(other.eventTime).toBe(one.entryTime);
        for (const price of ['stop', 'target', 'exit'] as const) {
          expect(Math.abs(other[price] - one[price])).toBeLessThan(1.001 * TICK);
        }
        expect([other.reason, other.exitTime]).toEqual([one.reason, one.exitTime]);
      }
    },
  );

  it('knows as columns what its tracker knows, to the last bit, over damaged recordings too', () => {
    let known = 0;
    for (const seed of [1, 2, 3]) {
      const step = intervalMs(interval);
      const first = 1_700_006_400_000;
      const recording = damaged(seed, 3_000).map((each) => ({
        ...each,
        openTime: first + Math.round(((each.openTime - first) / 3_600_000) * step),
      }));
      const columns = snapshotColumns(columnsOf(recording), strategy);
      const tracker = createTracker('XUSDT', strategy);
      for (const [row, candle] of recording.entries()) {
        const { kind } = tracker.feed(candle);
        if (kind === 'refused' || kind === 'ignored' || kind === 'revised') continue;
        const next = at(recording, Math.min(row + 1, recording.length - 1));
        if (next.openTime === candle.openTime) continue;
        known += tracker.snapshot() === undefined ? 0 : 1;
        expect(viewAt(columns, row)).toEqual(tracker.snapshot());
      }
    }
    expect(known).toBeGreaterThan(300);
  });
});
