import { INTERVALS, intervalMs, type CandleColumns } from '../../domain/candle.ts';
import { badTick, isCalm } from '../../indicators/bad-tick.ts';
import { candleFault } from '../../indicators/candle-fault.ts';
import {
  candleSlot,
  emptyColumns,
  readCandle,
  sliceColumns,
  type CandleSlot,
} from '../candles/candle-columns.ts';
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
  const reader = { bytes, at: HEAD.length, end: NEWLINE, decimals: 0 };
  const reading: Reading = { reader, most: 0, slot: candleSlot(), columns };
  let row = 0;
  for (; reader.at < bytes.length; row += 1) {
    if (!takeRow(reading, row) || !isSoundNext(reading, row)) return undefined;
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
  readonly slot: CandleSlot;
}

/** A number that a comma ends. */
const takeCell = (reader: Reader, into: Float64Array, row: number): boolean =>
  takeNumber(reader, into, row) && reader.end === COMMA;

/** Reads the next line into that row. False where any of it is not plain. */
function takeRow(reading: Reading, row: number): boolean {
  const { reader, columns: into } = reading;
  if (!takeCell(reader, into.time, row) || reader.decimals >= 0) return false;
  if (!takeCell(reader, into.open, row) || !takeCell(reader, into.high, row)) return false;
  if (reader.decimals > reading.most) reading.most = reader.decimals;
  if (!takeCell(reader, into.low, row) || !takeCell(reader, into.close, row)) return false;
  if (reader.decimals > reading.most) reading.most = reader.decimals;
  return takeNumber(reader, into.volume, row) && reader.end === NEWLINE;
}

/** Whether the candle is sound and comes after the one before. */
function isSoundNext({ columns, slot }: Reading, row: number): boolean {
  const { time, close } = columns;
  const openTime = time[row] ?? NaN;
  if (!isMilliseconds(openTime) || openTime <= (time[row - 1] ?? -Infinity)) return false;
  if (isCalm(columns, row)) return true;
  const candle = readCandle(columns, row, slot);
  const before = row === 0 ? undefined : close[row - 1];
  return candleFault(candle) === undefined && badTick(candle, before) === undefined;
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
