import { INTERVALS, intervalMs, type Candle, type CandleColumns } from '../../domain/candle.ts';
import { badTick } from '../../indicators/bad-tick.ts';
import { candleFault } from '../../indicators/candle-fault.ts';
import { emptyColumns, sliceColumns } from '../candles/candle-columns.ts';
import { gridOf } from './candle-grid.ts';
import { isMilliseconds } from './candle-time.ts';
import { COMMA, NEWLINE, takeNumber, type Reader } from './plain-number.ts';

/** The candles of a file in which nothing needs a word. */
export interface PlainCandles {
  readonly columns: CandleColumns;
  readonly priceDecimals: number;
  readonly stepMs: number;
}

/** The line of names of such a file. */
export const PLAIN_NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
const HEAD = Array.from(`${PLAIN_NAMES.join(',')}\n`, (letter) => letter.charCodeAt(0));

/**
 * What `parseCandles` makes of a file in this project's own writing, without a text, a cell or a row as an object for each candle:
 * its six names in their order, plain numbers, milliseconds that ascend on one grid, and nothing that any rule would leave out or
 * name. Undefined for every other file, which says nothing about it. Throws RangeError for times as `gridOf` does.
 */
export function plainCandles(
  bytes: Uint8Array,
  namedMs: number | undefined,
): PlainCandles | undefined {
  if (!HEAD.every((code, index) => bytes[index] === code)) return undefined;
  const columns = emptyColumns(linesIn(bytes));
  const reader = { at: HEAD.length, decimals: 0 };
  const reading: Reading = { reader, most: 0, candle: { ...NONE }, columns };
  let row = 0;
  for (; reader.at < bytes.length; row += 1) {
    if (!takeRow(bytes, reading, row)) return undefined;
  }
  const whole = sliceColumns(columns, 0, row);
  const stepMs = stepOnGrid(whole, namedMs);
  return stepMs === undefined ? undefined : { columns: whole, priceDecimals: reading.most, stepMs };
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  // The last line may have no end.
  return lines + 1;
}

interface Reading {
  readonly reader: Reader;
  readonly columns: CandleColumns;
  /** Most decimals of a close or a high so far. */
  most: number;
  /** The newest candle, the same object for every row. */
  readonly candle: { -readonly [figure in keyof Candle]: Candle[figure] };
}

const NONE: Candle = { openTime: -Infinity, open: 0, high: 0, low: 0, close: 0, volume: 0 };

/** Reads the next line into that row. False where any of it is not plain, or the candle not sound and the next. */
function takeRow(bytes: Uint8Array, reading: Reading, row: number): boolean {
  const { reader, candle, columns: into } = reading;
  const last = candle.openTime;
  const before = row === 0 ? undefined : candle.close;
  into.time[row] = candle.openTime = takeNumber(bytes, reader, COMMA);
  if (reader.decimals >= 0) return false;
  into.open[row] = candle.open = takeNumber(bytes, reader, COMMA);
  into.high[row] = candle.high = takeNumber(bytes, reader, COMMA);
  if (reader.decimals > reading.most) reading.most = reader.decimals;
  into.low[row] = candle.low = takeNumber(bytes, reader, COMMA);
  into.close[row] = candle.close = takeNumber(bytes, reader, COMMA);
  if (reader.decimals > reading.most) reading.most = reader.decimals;
  into.volume[row] = candle.volume = takeNumber(bytes, reader, NEWLINE);
  // What is not plain is NaN, and no sound candle.
  return (
    candle.openTime > last &&
    isMilliseconds(candle.openTime) &&
    candleFault(candle) === undefined &&
    badTick(candle, before) === undefined
  );
}

/** The length of candles that all open where such candles do; undefined where one does not, or below two rows. */
function stepOnGrid(
  { time, length }: CandleColumns,
  namedMs: number | undefined,
): number | undefined {
  if (length < 2) return undefined;
  const step = (time[1] ?? NaN) - (time[0] ?? NaN);
  let row = 2;
  while (row < length && (time[row] ?? NaN) - (time[row - 1] ?? NaN) === step) row += 1;
  const isKnown = INTERVALS.some((each) => intervalMs(each) === step);
  const isEven = row === length && isKnown && (time[0] ?? NaN) % step === 0;
  if (isEven && (namedMs === undefined || namedMs === step)) return step;
  const times = Array.from(time.subarray(0, length));
  const { stepMs, shiftMs, fits } = gridOf(times, { isCloseTime: false, namedMs });
  return shiftMs === 0 && times.every(fits) ? stepMs : undefined;
}
