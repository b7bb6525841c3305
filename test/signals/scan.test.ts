import { describe, expect, it } from 'vitest';
import { percent, toNumber } from '../../src/domain/money/money.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/terms/limits.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { byRank, scan } from '../../src/signals/scan.ts';
import { createTracker, type SymbolTracker } from '../../src/signals/tracker.ts';
import { at, walk } from '../indicators/market.ts';
import { instrument } from './samples.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

function tracker(symbol: string, candles: readonly Candle[]): SymbolTracker {
  const made = createTracker(symbol, agreement);
  for (const candle of candles) made.feed(candle);
  return made;
}

const COUNT = 200;
const start = 1_700_006_400_000;
const candleOpenTime = start + (COUNT - 1) * HOUR;
const symbols = Array.from({ length: 40 }, (_, index) => `COIN${index}USDT`);
/** The candles of a longer walk up to the first event in it, at the hours of all the others. */
function untilEvent(index: number): readonly Candle[] {
  const shape = {
    seed: index + 1,
    count: 2 * COUNT,
    drift: ((index % 5) - 2) / 1500,
    noise: 0.006,
  };
  const candles = walk(shape).map((each) => ({ ...each, volume: 100 * each.volume }));
  const made = createTracker('COIN0USDT', agreement);
  const row = candles.findIndex((candle, at) => {
    made.feed(candle);
    return at >= COUNT && made.request(agreement.parameters) !== undefined;
  });
  const end = row < 0 ? candles.length : row + 1;
  return candles
    .slice(end - COUNT, end)
    .map((each, at) => ({ ...each, openTime: start + at * HOUR }));
}
const histories = new Map(symbols.map((symbol, index) => [symbol, untilEvent(index)]));
const instruments = new Map(symbols.map((symbol) => [symbol, instrument(symbol)]));
const trackersOf = (count: number): SymbolTracker[] =>
  symbols.map((symbol) => tracker(symbol, (histories.get(symbol) ?? []).slice(0, count)));
const base = { instruments, closedAt: candleOpenTime + HOUR, limits: DEFAULT_LIMITS };

describe('the limits in force', () => {
  it('bound the stop of every signal, so that the gate accepts it', () => {
    const maxStop = percent('1');
    const far = (limits: RiskLimits): number[] =>
      scan({ ...base, limits, trackers: trackersOf(COUNT) }).signals.map(
        ({ entry, stop }) => Math.abs(toNumber(entry) - toNumber(stop)) / toNumber(entry),
      );
    expect(Math.max(...far(DEFAULT_LIMITS))).toBeGreaterThan(0.01);
    const bounded = far({ ...DEFAULT_LIMITS, maxStop });
    expect(bounded.length).toBeGreaterThan(1);
    expect(Math.max(...bounded)).toBeLessThanOrEqual(0.01);
  });

  it('bound the score of every signal', () => {
    const limits = { ...DEFAULT_LIMITS, minScore: 90 };
    const { signals } = scan({ ...base, limits, trackers: trackersOf(COUNT) });
    expect(signals.every(({ score = 0 }) => score >= 90)).toBe(true);
    const all = scan({ ...base, trackers: trackersOf(COUNT) }).signals;
    expect(all.some(({ score = 0 }) => score < 90)).toBe(true);
  });
});

describe('scan', () => {
  it('asks every symbol once and ranks its signals', () => {
    const result = scan({ ...base, trackers: trackersOf(COUNT) });
    expect(result.signals.length).toBeGreaterThan(1);
    expect(result.evaluated).toBe(40);
    expect(result.signals.length + result.none.length).toBe(40);
    expect(result.notReady).toEqual([]);
    expect(result.signals).toEqual(result.signals.toSorted(byRank));
    for (const signal of result.signals) expect(signal.score).toBeGreaterThanOrEqual(75);
  });

  it('ranks clean ones first, then by what is traded an hour, then by symbol, whatever score and reward : risk', () => {
    const found = scan({ ...base, trackers: trackersOf(COUNT) }).signals;
    const { clean: _clean, ...first } = at(found, 0);
    const clean = { ...first, clean: true, score: 75, turnover: 1, rewardRisk: 2, symbol: 'Z' };
    const busy = { ...first, score: 80, turnover: 9_000_000, rewardRisk: 2.2, symbol: 'Y' };
    const coarse = { ...busy, score: 100, turnover: 10_000, rewardRisk: 2.9, symbol: 'A' };
    const twin = { ...coarse, clean: false, symbol: 'B' };
    const order = [clean, busy, coarse, twin];
    expect(order.toReversed().toSorted(byRank)).toEqual(order);
  });

  it('gives the same answer whatever the order of the trackers', () => {
    const forward = scan({ ...base, trackers: trackersOf(COUNT) });
    const backward = scan({ ...base, trackers: trackersOf(COUNT).toReversed() });
    expect(backward.signals).toEqual(forward.signals);
  });

  it('lists symbols without the newest candle, with a candle too many, too short or without contract', () => {
    const candles = walk({ seed: 1, count: COUNT + 1 });
    const result = scan({
      ...base,
      trackers: [
        tracker('COIN0USDT', candles.slice(0, COUNT - 2)),
        tracker('COIN1USDT', candles),
        tracker('COIN2USDT', candles.slice(COUNT - 10, COUNT)),
        tracker('UNKNOWNUSDT', candles.slice(0, COUNT)),
        createTracker('COIN3USDT', agreement),
      ],
    });
    expect(result.evaluated).toBe(0);
    expect(result.notReady.map((each) => each.reason)).toEqual([
      'the newest candle is missing: the last one is 2 h 00 min older',
      expect.stringContaining('was not closed yet'),
      '10 of 176 candles in a row',
      'its contract is unknown',
      '0 of 176 candles in a row',
    ]);
  });

  it('finds nothing in markets without a trend, and that is an answer', () => {
    const candles = walk({ seed: 8, count: COUNT, noise: 0.0001 }).map((each) => ({
      ...each,
      volume: each.openTime === candleOpenTime ? 1 : each.volume,
    }));
    const result = scan({ ...base, trackers: [tracker('COIN0USDT', candles)] });
    expect(result.signals).toEqual([]);
    expect(result.none).toHaveLength(1);
  });
});
