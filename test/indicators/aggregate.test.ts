import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { aggregate, createAggregator } from '../../src/indicators/aggregate.ts';
import { at, walk } from './market.ts';

const FOUR = 4 * HOUR;
/** Opens at 00:00 UTC. */
const start = Math.floor(1_700_000_000_000 / (24 * HOUR)) * 24 * HOUR;
const candles = walk({ seed: 5, count: 48, start });
const lengths = { from: '1h', to: '4h' } as const;

function byHand(four: readonly Candle[]): Candle {
  return {
    openTime: at(four, 0).openTime,
    open: at(four, 0).open,
    high: Math.max(...four.map((each) => each.high)),
    low: Math.min(...four.map((each) => each.low)),
    close: at(four, -1).close,
    volume: four.reduce((sum, each) => sum + each.volume, 0),
  };
}

describe('aggregate', () => {
  it('builds 4 h candles of first open, greatest high, least low, last close and summed volume', () => {
    const result = aggregate(candles, lengths);
    expect(result.gaps).toEqual([]);
    expect(result.candles).toEqual(
      Array.from({ length: 12 }, (_, index) => byHand(candles.slice(index * 4, index * 4 + 4))),
    );
  });

  it('names a bucket with a missing candle as a gap and makes no candle of it', () => {
    const result = aggregate(candles.toSpliced(5, 1), lengths);
    expect(result.candles.map((each) => each.openTime)).not.toContain(start + FOUR);
    expect(result.candles).toHaveLength(11);
    expect(result.gaps).toEqual([{ openTime: start + FOUR, buckets: 1 }]);
  });

  it('names each run of incomplete or wholly missing buckets as soon as it is known', () => {
    const result = aggregate(candles.toSpliced(7, 10), lengths);
    expect(result.gaps).toEqual([
      { openTime: start + FOUR, buckets: 3 },
      { openTime: start + 4 * FOUR, buckets: 1 },
    ]);
    expect(result.candles.map((each) => each.openTime)).toEqual(
      [0, 5, 6, 7, 8, 9, 10, 11].map((each) => start + each * FOUR),
    );
  });

  it('counts a history that starts inside a bucket as a gap there', () => {
    const result = aggregate(candles.slice(2), lengths);
    expect(result.gaps).toEqual([{ openTime: start, buckets: 1 }]);
    expect(result.candles).toHaveLength(11);
  });

  it('does not emit the bucket that is still forming', () => {
    expect(aggregate(candles.slice(0, 47), lengths).candles).toHaveLength(11);
  });
});

describe('createAggregator', () => {
  it('gives the same large candle after a small one was replaced', () => {
    const aggregator = createAggregator(lengths);
    for (const candle of candles.slice(0, 3)) aggregator.push(candle);
    const last = at(candles, 3);
    aggregator.push({ ...last, high: last.high * 3, volume: 9e9 });
    expect(aggregator.replace(last).closed).toEqual(byHand(candles.slice(0, 4)));
  });

  it('refuses candles that are repeated, older, off the grid or faulty', () => {
    const aggregator = createAggregator(lengths);
    aggregator.push(at(candles, 1));
    expect(() => aggregator.push(at(candles, 1))).toThrow('is not after');
    expect(() => aggregator.push(at(candles, 0))).toThrow('is not after');
    expect(() => aggregator.push({ ...at(candles, 2), openTime: start + 1 })).toThrow('grid');
    expect(() => aggregator.push({ ...at(candles, 2), close: NaN })).toThrow('close is NaN');
    expect(() => aggregator.replace(at(candles, 2))).toThrow('not the last one');
  });

  it('refuses a length that the small candles do not fill', () => {
    expect(() => createAggregator({ from: '4h', to: '6h' })).toThrow('cannot be built');
    expect(() => createAggregator({ from: '1h', to: '1h' })).toThrow('cannot be built');
  });
});
