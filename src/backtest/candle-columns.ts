import type { Candle } from '../domain/candle.ts';

/** Candles as columns: the fast form for runs over hundreds of thousands of rows. `time` is the open, ascending. */
export interface CandleColumns {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

export function emptyColumns(length: number): CandleColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {
    length,
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
}

export function columnsOf(candles: readonly Candle[]): CandleColumns {
  const columns = emptyColumns(candles.length);
  candles.forEach((candle, index) => {
    columns.time[index] = candle.openTime;
    columns.open[index] = candle.open;
    columns.high[index] = candle.high;
    columns.low[index] = candle.low;
    columns.close[index] = candle.close;
    columns.volume[index] = candle.volume;
  });
  return columns;
}

/** Row `index` as a candle; every figure is NaN where there is no row. */
export const candleAt = (columns: CandleColumns, index: number): Candle => ({
  openTime: columns.time[index] ?? NaN,
  open: columns.open[index] ?? NaN,
  high: columns.high[index] ?? NaN,
  low: columns.low[index] ?? NaN,
  close: columns.close[index] ?? NaN,
  volume: columns.volume[index] ?? NaN,
});

/** The rows from `from` (inclusive) to `to` (exclusive) without copying. */
export const sliceColumns = (columns: CandleColumns, from: number, to: number): CandleColumns => ({
  length: Math.max(0, Math.min(to, columns.length) - from),
  time: columns.time.subarray(from, to),
  open: columns.open.subarray(from, to),
  high: columns.high.subarray(from, to),
  low: columns.low.subarray(from, to),
  close: columns.close.subarray(from, to),
  volume: columns.volume.subarray(from, to),
});
