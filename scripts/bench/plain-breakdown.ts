/**
 * Base of a ratio, and no part of Vigil: the rule `breakdown` as somebody would write it for one afternoon, typed arrays and loops, from the
 * same files to the same events followed on their own, with every row worked out again from what lay before it. It knows no
 * other writing of a file than that of the set, no account, no figures and no slip of a recorder.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const CANDLE = 4 * 3_600_000;
const CHANNEL = 330;
const ATR = 14;
const DAY_ROWS = 6;
const LEAST_TURNOVER = 5_000_000;
const HELD = 84;
const COST = 0.0011;

interface Columns {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

function read(file: string): Columns {
  const bytes = gunzipSync(readFileSync(file));
  let lines = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === 10) lines += 1;
  const columns = Array.from({ length: 6 }, () => new Float64Array(lines + 1));
  let row = 0;
  let at = bytes.indexOf(10) + 1;
  while (at < bytes.length) {
    for (const column of columns) {
      let value = 0;
      let divisor = 1;
      let isFraction = false;
      for (; at < bytes.length; at += 1) {
        const code = bytes[at] ?? 0;
        if (code === 46) isFraction = true;
        else if (code < 48 || code > 57) break;
        else {
          value = value * 10 + (code - 48);
          if (isFraction) divisor *= 10;
        }
      }
      at += 1;
      column[row] = value / divisor;
    }
    // What was not traded is no candle.
    if ((columns[5]?.[row] ?? 0) > 0 || at >= bytes.length) row += 1;
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
  return { length: row - 1, time, open, high, low, close, volume };
}

interface Known {
  readonly atr: Float64Array;
  readonly edge: Float64Array;
  readonly turnover: Float64Array;
}

/** A long gap starts everything anew. */
const startsAnew = ({ time }: Columns, row: number): boolean =>
  row === 0 || (time[row] ?? 0) - (time[row - 1] ?? 0) > 4 * CANDLE;

function known(candles: Columns): Known {
  const { length, high, low, close, volume } = candles;
  const empty = (): Float64Array => new Float64Array(length).fill(NaN);
  const found = { atr: empty(), edge: empty(), turnover: empty() };
  const queue = new Int32Array(length);
  let [start, first, end, sum] = [0, 0, 0, 0];
  for (let row = 0; row < length; row += 1) {
    if (startsAnew(candles, row)) [start, first, end, sum] = [row, 0, 0, 0];
    const since = row - start;
    if (since > 0) {
      const before = close[row - 1] ?? NaN;
      const top = high[row] ?? NaN;
      const bottom = low[row] ?? NaN;
      const range = Math.max(top - bottom, Math.abs(top - before), Math.abs(bottom - before));
      sum += since <= ATR ? range : 0;
      const last = found.atr[row - 1] ?? NaN;
      if (since === ATR) found.atr[row] = sum / ATR;
      else if (since > ATR) found.atr[row] = (range - last) * (1 / ATR) + last;
    }
    while (first < end && (queue[first] ?? 0) < row - CHANNEL) first += 1;
    if (since >= CHANNEL) found.edge[row] = low[queue[first] ?? 0] ?? NaN;
    while (first < end && (low[queue[end - 1] ?? 0] ?? NaN) >= (low[row] ?? NaN)) end -= 1;
    queue[end] = row;
    end += 1;
    if (since < DAY_ROWS - 1) continue;
    let traded = 0;
    for (let each = row - DAY_ROWS + 1; each <= row; each += 1) {
      traded += (close[each] ?? NaN) * (volume[each] ?? NaN);
    }
    found.turnover[row] = traded;
  }
  return found;
}

/** Every row again, from the candles up to it alone, one after the other. */
function differences(candles: Columns, columns: Known): number {
  let different = 0;
  let lows: number[] = [];
  let rows: number[] = [];
  let traded: number[] = [];
  let [start, before, atr, sum] = [0, NaN, NaN, 0];
  for (let row = 0; row < candles.length; row += 1) {
    if (startsAnew(candles, row)) {
      [lows, rows, traded] = [[], [], []];
      [start, before, atr, sum] = [row, NaN, NaN, 0];
    }
    const high = candles.high[row] ?? NaN;
    const low = candles.low[row] ?? NaN;
    const close = candles.close[row] ?? NaN;
    const since = row - start;
    if (since > 0) {
      const range = Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
      sum += since <= ATR ? range : 0;
      if (since === ATR) atr = sum / ATR;
      else if (since > ATR) atr = (range - atr) * (1 / ATR) + atr;
    }
    before = close;
    while ((rows[0] ?? Infinity) < row - CHANNEL) {
      rows.shift();
      lows.shift();
    }
    const edge = since >= CHANNEL ? (lows[0] ?? NaN) : NaN;
    while ((lows.at(-1) ?? -Infinity) >= low) {
      lows.pop();
      rows.pop();
    }
    lows.push(low);
    rows.push(row);
    traded.push(close * (candles.volume[row] ?? NaN));
    if (traded.length > DAY_ROWS) traded.shift();
    let turnover = traded.length < DAY_ROWS ? NaN : 0;
    for (const each of traded) turnover += each;
    if (!Object.is(atr, columns.atr[row])) different += 1;
    if (!Object.is(edge, columns.edge[row])) different += 1;
    if (!Object.is(turnover, columns.turnover[row])) different += 1;
  }
  return different;
}

interface Event {
  readonly symbol: string;
  readonly entryTime: number;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  readonly exitTime: number;
  readonly exit: number;
  readonly reason: string;
  readonly r: number;
}

function eventsOf(symbol: string, candles: Columns, { atr, edge, turnover }: Known): Event[] {
  const { length, time, open, close } = candles;
  const events: Event[] = [];
  for (let row = CHANNEL + 1; row < length - 1; row += 1) {
    const price = close[row] ?? NaN;
    const isFirst = (close[row - 1] ?? NaN) >= (edge[row - 1] ?? NaN);
    if (!(price < (edge[row] ?? NaN)) || !isFirst) continue;
    if ((turnover[row] ?? NaN) < LEAST_TURNOVER) continue;
    if (time[row + 1] !== (time[row] ?? NaN) + CANDLE) continue;
    const distance = Math.min(Math.max((2 * (atr[row] ?? NaN)) / price, 0.005), 0.05);
    const stop = price * (1 + distance);
    const target = price * (1 - 2 * distance - 0.0066);
    const entry = open[row + 1] ?? NaN;
    if (entry >= stop || entry <= target) continue;
    const end = exitOf(candles, row + 1, { stop, target });
    if (end === undefined) continue;
    const risk = (stop - entry) / entry + 2 * COST;
    const r = ((entry - end.exit) / entry - 2 * COST) / risk;
    const exitTime = time[end.row] ?? NaN;
    const { exit, reason } = end;
    const entryTime = time[row + 1] ?? NaN;
    events.push({ symbol, entryTime, entry, stop, target, exitTime, exit, reason, r });
    row = end.row - 1;
  }
  return events;
}

function exitOf(
  { length, open, high, low, close }: Columns,
  entered: number,
  { stop, target }: { readonly stop: number; readonly target: number },
): { readonly row: number; readonly exit: number; readonly reason: string } | undefined {
  for (let row = entered; row < length; row += 1) {
    const first = open[row] ?? NaN;
    if (first >= stop) return { row, exit: first, reason: 'stop' };
    if (first <= target) return { row, exit: first, reason: 'target' };
    if ((high[row] ?? NaN) >= stop) return { row, exit: stop, reason: 'stop' };
    if ((low[row] ?? NaN) <= target) return { row, exit: target, reason: 'target' };
    if (row === entered + HELD - 1) return { row, exit: close[row] ?? NaN, reason: 'time' };
  }
  return undefined;
}

const [folder = '', out = ''] = process.argv.slice(2);
const signals: Event[] = [];
let different = 0;
for (const name of readdirSync(folder)) {
  const candles = read(join(folder, name));
  const columns = known(candles);
  different += differences(candles, columns);
  signals.push(...eventsOf(name.replace(/\..*$/, ''), candles, columns));
}
writeFileSync(out, JSON.stringify({ signals, different }));
