import { intervalMs, type Candle, type Interval } from '../domain/candle.ts';
import type { Timestamp } from '../domain/time.ts';
import { candleFault } from './candle-fault.ts';

/** This many buckets in a row, from `openTime` on, lack at least one small candle: they are no candles. */
export interface AggregateGap {
  readonly openTime: Timestamp;
  readonly buckets: number;
}

/** What a small candle led to. `closed` is the large candle that it completed; `gap` the buckets before it that stay incomplete. */
export interface AggregateStep {
  readonly closed?: Candle;
  readonly gap?: AggregateGap;
}

/** Builds large candles from small ones, fed one by one. A large candle exists only when every small one in it does. */
export interface Aggregator {
  /** Takes the next small candle. Throws RangeError when it is faulty, off the grid or not after the last one. */
  push(candle: Candle): AggregateStep;
  /** Takes another version of the last small candle. Throws RangeError when its open time differs. */
  replace(candle: Candle): AggregateStep;
}

export interface Lengths {
  readonly from: Interval;
  readonly to: Interval;
}

interface Bucket {
  readonly candle: Candle;
  readonly count: number;
}

/** Large candles lie on the grid of Unix time: 4 h candles open at 00, 04, 08, 12, 16 and 20 h UTC. Throws RangeError when `to` is no multiple of `from`. */
export function createAggregator(lengths: Lengths): Aggregator {
  const { small, large, need } = sizesOf(lengths);
  let lastOpenTime: Timestamp | undefined;
  /** First bucket that may still lack something. */
  let open: Timestamp | undefined;
  let before: Bucket | undefined;
  let current: Bucket | undefined;

  const step = (gap?: AggregateGap): AggregateStep => ({
    ...(current?.count === need ? { closed: current.candle } : {}),
    ...(gap === undefined ? {} : { gap }),
  });

  return {
    push(candle) {
      refuse(candle, small);
      if (lastOpenTime !== undefined && candle.openTime <= lastOpenTime) {
        throw new RangeError(`candle ${candle.openTime} is not after ${lastOpenTime}`);
      }
      const bucketTime = Math.floor(candle.openTime / large) * large;
      let gap: AggregateGap | undefined;
      if (current?.candle.openTime !== bucketTime) {
        if (current?.count === need) open = current.candle.openTime + large;
        if (open !== undefined && open < bucketTime) {
          gap = { openTime: open, buckets: (bucketTime - open) / large };
        }
        open = bucketTime;
        current = undefined;
      }
      lastOpenTime = candle.openTime;
      before = current;
      current = merge(before, candle, bucketTime);
      return step(gap);
    },
    replace(candle) {
      refuse(candle, small);
      if (current === undefined || candle.openTime !== lastOpenTime) {
        throw new RangeError(`candle ${candle.openTime} is not the last one, ${lastOpenTime}`);
      }
      current = merge(before, candle, current.candle.openTime);
      return step();
    },
  };
}

/** A whole history at once. The bucket at either end is no candle either when it is not complete. */
export function aggregate(
  candles: Iterable<Candle>,
  lengths: Lengths,
): { readonly candles: readonly Candle[]; readonly gaps: readonly AggregateGap[] } {
  const aggregator = createAggregator(lengths);
  const closed: Candle[] = [];
  const gaps: AggregateGap[] = [];
  for (const candle of candles) {
    const step = aggregator.push(candle);
    if (step.gap !== undefined) gaps.push(step.gap);
    if (step.closed !== undefined) closed.push(step.closed);
  }
  return { candles: closed, gaps };
}

/**
 * The rows that complete a large candle, for a column of open times that ascend on the grid of `from`: a row whose bucket holds
 * every small candle. Same rows as an aggregator's `closed`.
 */
export function closingRows(time: Float64Array, lengths: Lengths): number[] {
  const { large, need } = sizesOf(lengths);
  const rows: number[] = [];
  let bucket = NaN;
  let count = 0;
  for (let row = 0; row < time.length; row += 1) {
    const own = Math.floor((time[row] ?? NaN) / large);
    count = own === bucket ? count + 1 : 1;
    bucket = own;
    if (count === need) rows.push(row);
  }
  return rows;
}

function sizesOf({ from, to }: Lengths): {
  readonly small: number;
  readonly large: number;
  readonly need: number;
} {
  const small = intervalMs(from);
  const large = intervalMs(to);
  if (large % small !== 0 || large === small) {
    throw new RangeError(`${to} candles cannot be built from ${from} candles`);
  }
  return { small, large, need: large / small };
}

function refuse(candle: Candle, length: number): void {
  const fault =
    candleFault(candle) ??
    (candle.openTime % length === 0 ? undefined : `${candle.openTime} is off the grid`);
  if (fault !== undefined) throw new RangeError(`candle refused: ${fault}`);
}

function merge(bucket: Bucket | undefined, candle: Candle, openTime: Timestamp): Bucket {
  if (bucket === undefined) return { candle: { ...candle, openTime }, count: 1 };
  const so = bucket.candle;
  return {
    candle: {
      openTime,
      open: so.open,
      high: Math.max(so.high, candle.high),
      low: Math.min(so.low, candle.low),
      close: candle.close,
      volume: so.volume + candle.volume,
    },
    count: bucket.count + 1,
  };
}
