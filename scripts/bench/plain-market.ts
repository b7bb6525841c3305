/** Part of the plain loop (see `plain-breakdown.ts`): a file as columns, and what the rule knows after each row. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const CANDLE = 4 * 3_600_000;
export const CHANNEL = 330;
const ATR = 14;
const DAY_ROWS = 6;
/** Missing candles that are bridged: a week. */
const BRIDGED = 42;
const DAY = 6 * CANDLE;
const POWERS = Array.from({ length: 30 }, (_, digits) => 10 ** digits);

export interface Columns {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Most decimals of a close or a high: the tick. */
  readonly decimals: number;
}

export function read(file: string): Columns {
  const bytes = gunzipSync(readFileSync(file), { chunkSize: 2 ** 18 });
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  const columns = Array.from({ length: 6 }, () => new Float64Array(lines + 1));
  let decimals = 0;
  let row = 0;
  let at = bytes.indexOf(10) + 1;
  for (; at < bytes.length; row += 1) {
    for (let place = 0; place < 6; place += 1) {
      let value = 0;
      let digits = -1;
      let needed = 0;
      for (; at < bytes.length; at += 1) {
        const code = bytes[at] ?? 0;
        if (code === 46) digits = 0;
        else if (code < 48 || code > 57) break;
        else {
          value = value * 10 + (code - 48);
          if (digits >= 0) digits += 1;
          if (code > 48) needed = digits;
        }
      }
      // A tiny price is written with an exponent.
      if (bytes[at] === 101) [value, digits, needed, at] = exponentAt(bytes, at);
      at += 1;
      const column = columns[place];
      if (column !== undefined) column[row] = digits > 0 ? value / (POWERS[digits] ?? NaN) : value;
      if ((place === 2 || place === 4) && needed > decimals) decimals = needed;
    }
  }
  const [time, open, high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  // The newest row may have been forming.
  return { length: row - 1, time, open, high, low, close, volume, decimals };
}

/** The cell that holds the "e" there: its value with no digits left to divide by, its decimals, and where it ends. */
function exponentAt(
  bytes: Uint8Array,
  at: number,
): readonly [value: number, digits: number, needed: number, end: number] {
  let [from, end] = [at, at];
  while (from > 0 && bytes[from - 1] !== 44 && bytes[from - 1] !== 10) from -= 1;
  while (end < bytes.length && bytes[end] !== 44 && bytes[end] !== 10) end += 1;
  const text = String.fromCharCode(...bytes.subarray(from, end));
  const [mantissa = '', exponent = ''] = text.split('e');
  return [Number(text), 0, (mantissa.split('.')[1] ?? '').length - Number(exponent), end];
}

export interface Known {
  readonly atr: Float64Array;
  readonly edge: Float64Array;
  readonly turnover: Float64Array;
  /** The row used before; -1 where there is none. */
  readonly before: Int32Array;
}

/** A long gap starts everything anew. */
const startsAnew = ({ time }: Columns, row: number, before: number): boolean =>
  before < 0 || (time[row] ?? 0) - (time[before] ?? 0) > (BRIDGED + 1) * CANDLE;

export function known(candles: Columns): Known {
  const { length, time, high, low, close, volume } = candles;
  const empty = (): Float64Array => new Float64Array(length).fill(NaN);
  const [atr, edge, turnover] = [empty(), empty(), empty()];
  const before = new Int32Array(length).fill(-1);
  /** Rows of an unbroken stretch, and of them those that can still be the lowest. */
  const rows = new Int32Array(length);
  const queue = new Int32Array(length);
  let [since, first, end, sum, last] = [0, 0, 0, 0, -1];
  for (let row = 0; row < length; row += 1) {
    // What was not traded is no candle.
    if (!((volume[row] ?? 0) > 0)) continue;
    if (startsAnew(candles, row, last)) [since, first, end, sum] = [0, 0, 0, 0];
    else before[row] = last;
    rows[since] = row;
    const bottom = low[row] ?? NaN;
    if (since > 0) {
      const top = high[row] ?? NaN;
      const closed = close[last] ?? NaN;
      const range = Math.max(top - bottom, Math.abs(top - closed), Math.abs(bottom - closed));
      if (since <= ATR) sum += range;
      const mean = atr[last] ?? NaN;
      if (since === ATR) atr[row] = sum / ATR;
      else if (since > ATR) atr[row] = (range - mean) * (1 / ATR) + mean;
    }
    while (first < end && (queue[first] ?? 0) < since - CHANNEL) first += 1;
    if (since >= CHANNEL) edge[row] = low[rows[queue[first] ?? 0] ?? 0] ?? NaN;
    while (first < end && (low[rows[queue[end - 1] ?? 0] ?? 0] ?? NaN) >= bottom) end -= 1;
    queue[end] = since;
    end += 1;
    since += 1;
    last = row;
    if (since < DAY_ROWS) continue;
    let traded = 0;
    for (let each = since - DAY_ROWS; each < since; each += 1) {
      const used = rows[each] ?? 0;
      if ((time[used] ?? NaN) <= (time[row] ?? NaN) - DAY) continue;
      traded += (close[used] ?? NaN) * (volume[used] ?? NaN);
    }
    turnover[row] = traded;
  }
  return { atr, edge, turnover, before };
}

/** Every row again, from the candles up to it alone, one after the other. */
export function differences(candles: Columns, columns: Known): number {
  let different = 0;
  let lows: number[] = [];
  let rows: number[] = [];
  let traded: { readonly time: number; readonly value: number }[] = [];
  let [since, last, closed, atr, sum] = [0, -1, NaN, NaN, 0];
  for (let row = 0; row < candles.length; row += 1) {
    if (!((candles.volume[row] ?? 0) > 0)) continue;
    if (startsAnew(candles, row, last)) {
      [lows, rows, traded] = [[], [], []];
      [since, closed, atr, sum] = [0, NaN, NaN, 0];
    }
    const high = candles.high[row] ?? NaN;
    const low = candles.low[row] ?? NaN;
    const close = candles.close[row] ?? NaN;
    if (since > 0) {
      const range = Math.max(high - low, Math.abs(high - closed), Math.abs(low - closed));
      if (since <= ATR) sum += range;
      if (since === ATR) atr = sum / ATR;
      else if (since > ATR) atr = (range - atr) * (1 / ATR) + atr;
    }
    closed = close;
    while ((rows[0] ?? Infinity) < since - CHANNEL) {
      rows.shift();
      lows.shift();
    }
    const edge = since >= CHANNEL ? (lows[0] ?? NaN) : NaN;
    while ((lows.at(-1) ?? -Infinity) >= low) {
      lows.pop();
      rows.pop();
    }
    lows.push(low);
    rows.push(since);
    const time = candles.time[row] ?? NaN;
    traded.push({ time, value: close * (candles.volume[row] ?? NaN) });
    if (traded.length > DAY_ROWS) traded.shift();
    let turnover = traded.length < DAY_ROWS ? NaN : 0;
    for (const each of traded) if (each.time > time - DAY) turnover += each.value;
    since += 1;
    last = row;
    if (!Object.is(atr, columns.atr[row])) different += 1;
    if (!Object.is(edge, columns.edge[row])) different += 1;
    if (!Object.is(turnover, columns.turnover[row])) different += 1;
  }
  return different;
}
