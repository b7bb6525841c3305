import type { Candle, CandleColumns } from '../../domain/candle.ts';
import type { Timestamp } from '../../domain/time.ts';

export type { CandleColumns } from '../../domain/candle.ts';

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

/** A candle that one row after the other is read into: who is handed it copies what it keeps. */
export type CandleSlot = { -readonly [figure in keyof Candle]: Candle[figure] };

export const candleSlot = (): CandleSlot => ({
  openTime: NaN,
  open: NaN,
  high: NaN,
  low: NaN,
  close: NaN,
  volume: NaN,
});

/** `candleAt` without an object for each row: the slot itself comes back. */
export function readCandle(columns: CandleColumns, index: number, slot: CandleSlot): Candle {
  slot.openTime = columns.time[index] ?? NaN;
  slot.open = columns.open[index] ?? NaN;
  slot.high = columns.high[index] ?? NaN;
  slot.low = columns.low[index] ?? NaN;
  slot.close = columns.close[index] ?? NaN;
  slot.volume = columns.volume[index] ?? NaN;
  return slot;
}

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

/** Whether ascending rows lie next to each other. */
export const areNeighbours = (rows: readonly number[]): boolean =>
  (rows.at(-1) ?? NaN) - (rows[0] ?? NaN) === rows.length - 1;

/** Some of the rows, ascending; without copying where they lie next to each other. */
export function pickRows(columns: CandleColumns, rows: readonly number[]): CandleColumns {
  if (areNeighbours(rows)) return sliceColumns(columns, rows[0] ?? 0, (rows.at(-1) ?? 0) + 1);
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row] ?? NaN);
  return {
    length: rows.length,
    time: pick(columns.time),
    open: pick(columns.open),
    high: pick(columns.high),
    low: pick(columns.low),
    close: pick(columns.close),
    volume: pick(columns.volume),
  };
}

/** First row at or after `time`. */
export function rowAt({ time, length }: CandleColumns, moment: Timestamp): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((time[middle] ?? Infinity) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The candles that opened from `from` on and were closed at `at`. */
export function closedRows(
  candles: CandleColumns,
  {
    from,
    at,
    candleMs,
  }: { readonly from: Timestamp; readonly at: Timestamp; readonly candleMs: number },
): readonly Candle[] {
  const first = rowAt(candles, from);
  const end = rowAt(candles, at - candleMs + 1);
  return Array.from({ length: Math.max(0, end - first) }, (_, n) => candleAt(candles, first + n));
}
