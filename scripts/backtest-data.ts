import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Recording, Window } from '../src/backtest/analyse.ts';
import {
  candleAt,
  columnsOf,
  sliceColumns,
  type CandleColumns,
} from '../src/backtest/candle-columns.ts';
import { parseCandleCsv, type ParsedCandles } from '../src/backtest/csv.ts';
import {
  commonest,
  describeData,
  lengthOf,
  lengthText,
  stepOf,
  type DataReport,
} from '../src/backtest/data-report.ts';
import { presetStart } from '../src/backtest/presets.ts';
import { formatDuration, formatUtc, HOUR } from '../src/domain/time.ts';
import { aggregate } from '../src/indicators/aggregate.ts';
import { categoryOf } from '../src/signals/categories.ts';
import { WARM_UP_CANDLES } from '../src/signals/continuity.ts';
import { UsageError, type Options } from './backtest-options.ts';
import { showProgress } from './backtest-progress.ts';

const ENDINGS = ['.csv.gz', '.csv'];

/** Candles that a trade of the reference rule needs: 20 for its bands, and one to enter in. */
const LEAST_FOR_A_TRADE = 21;

type LoadedRecording = Recording & { readonly priceDecimals: number };

export interface LeftOut {
  readonly symbol: string;
  readonly reason: string;
}

export interface Loaded {
  readonly recordings: readonly LoadedRecording[];
  /** Length of the candles that are traded on, such as `1h`; `mixed lengths` where the symbols differ. */
  readonly interval: string;
  readonly reports: readonly DataReport[];
  readonly leftOut: readonly LeftOut[];
  /** What was done to all of the data, in plain words. */
  readonly notes: readonly string[];
}

/** No symbol can be run: names each with its reason. */
export class NothingToRun extends UsageError {
  readonly leftOut: readonly LeftOut[];
  constructor(leftOut: readonly LeftOut[]) {
    const named = leftOut.slice(0, 5).map(({ symbol, reason }) => `${symbol}: ${reason}`);
    const more = leftOut.length > 5 ? `; and ${leftOut.length - 5} more` : '';
    super(`nothing to run: ${named.join('; ')}${more}`);
    this.leftOut = leftOut;
  }
}

/** Reads the recordings that were asked for. What cannot be used is named. Throws NothingToRun, or UsageError for the folder. */
export function load(options: Options): Loaded {
  const { data, symbols, strategy } = options;
  const files = filesOf(data);
  // In one order, whatever order they were asked for in: the same symbols give the same trades.
  const wanted = (symbols ?? [...files.keys()]).toSorted();
  const leftOut: LeftOut[] = [];
  const read: Read[] = [];
  for (const [index, symbol] of wanted.entries()) {
    showProgress('reading', index + 1, wanted.length);
    const name = files.get(symbol);
    const found =
      name === undefined ? noData(symbol, files) : readOne(symbol, join(data, name), strategy);
    if (typeof found === 'string') leftOut.push({ symbol, reason: found });
    else read.push(found);
  }
  // What a file of one row lacks.
  const usual = commonest(read.flatMap(({ stepMs }) => (stepMs === undefined ? [] : [stepMs])));
  const recordings: LoadedRecording[] = [];
  const reports: DataReport[] = [];
  for (const each of read) {
    const { symbol, priceDecimals, faults, usedTicks, stepMs = usual ?? HOUR } = each;
    const fitted = strategy === 'conservative' ? toHours(each) : each.columns;
    const reason = typeof fitted === 'string' ? fitted : tooFew(each, fitted, strategy);
    if (typeof fitted === 'string' || reason !== undefined) {
      leftOut.push({ symbol, reason: reason ?? '' });
      continue;
    }
    const candleMs = strategy === 'conservative' ? HOUR : stepMs;
    const category = categoryOf(symbol);
    recordings.push({ symbol, category, candles: fitted, candleMs, priceDecimals });
    reports.push(describeData(symbol, { columns: fitted, faults, usedTicks }, candleMs));
  }
  if (recordings.length === 0) throw new NothingToRun(leftOut);
  const lengths = [...new Set(recordings.map(({ candleMs }) => lengthText(candleMs)))];
  const interval = lengths.length === 1 ? (lengths[0] ?? '') : 'mixed lengths';
  const notes = strategy === 'conservative' ? hourNotes(read) : shortNotes(recordings);
  return { recordings, interval, reports, leftOut, notes };
}

/** Why so few candles cannot be used; undefined when they are enough. The reference rule uses every row there is. */
function tooFew(
  { faults }: Read,
  { length }: CandleColumns,
  strategy: Options['strategy'],
): string | undefined {
  const least = strategy === 'conservative' ? WARM_UP_CANDLES : 1;
  if (length >= least) return undefined;
  const [first] = faults;
  const unusable =
    first === undefined
      ? ''
      : `; ${faults.length} rows cannot be used, first line ${first.line}: ${first.reason}`;
  return `${length} closed candles, ${least} are needed before any signal${unusable}`;
}

const noData = (symbol: string, files: ReadonlyMap<string, string>): string =>
  files.has(`${symbol}USDT`) ? `no data; there is ${symbol}USDT` : 'no data';

/** File name by symbol. */
function filesOf(folder: string): ReadonlyMap<string, string> {
  const kind = statSync(folder, { throwIfNoEntry: false });
  if (kind === undefined) throw new UsageError(`the folder "${folder}" does not exist`);
  if (!kind.isDirectory()) throw new UsageError(`"${folder}" is no folder; give the one it is in`);
  const files = new Map<string, string>();
  for (const name of readdirSync(folder).toSorted()) {
    const ending = ENDINGS.find((each) => name.endsWith(each));
    if (ending === undefined) continue;
    const symbol = name.slice(0, -ending.length).toUpperCase();
    const other = files.get(symbol);
    if (other !== undefined) {
      throw new UsageError(`"${folder}" holds both ${other} and ${name}; leave one of them there`);
    }
    files.set(symbol, name);
  }
  if (files.size === 0)
    throw new UsageError(`the folder "${folder}" holds no file SYMBOL.csv.gz or SYMBOL.csv`);
  return files;
}

type Read = ParsedCandles & { readonly symbol: string; readonly stepMs: number | undefined };

/** A file's candles, or why they cannot be used. */
function readOne(symbol: string, file: string, strategy: Options['strategy']): Read | string {
  try {
    const bytes = readFileSync(file);
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    const parsed = parseCandleCsv(text, strategy === 'conservative' ? 'left-out' : 'used');
    const [first] = parsed.faults;
    if (parsed.columns.length === 0 && first !== undefined) {
      return `none of its ${parsed.faults.length} rows can be used; line ${first.line}: ${first.reason}`;
    }
    return { symbol, stepMs: stepOf(parsed.columns), ...parsed };
  } catch (error) {
    return `the file cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * The strategy works on closed candles of 1 h: shorter ones are put together, longer ones cannot be used. The newest row is left
 * out, because it may have been forming when it was recorded.
 */
function toHours({ columns, stepMs, faults }: Read): CandleColumns | string {
  const closed = sliceColumns(columns, 0, Math.max(0, columns.length - 1));
  if (closed.length < 2 || stepMs === HOUR) return closed;
  const interval = lengthOf(columns);
  if (stepMs === undefined || interval === undefined) {
    return `its rows lie ${formatDuration(stepMs ?? NaN)} apart most often, which is no candle's length; the strategy needs 1 h or shorter`;
  }
  if (stepMs > HOUR) return `its candles are of ${interval}; the strategy needs 1 h or shorter`;
  const onGrid = Array.from({ length: closed.length }, (_, row) => candleAt(closed, row)).filter(
    ({ openTime }) => openTime % stepMs === 0,
  );
  const off = closed.length - onGrid.length;
  if (off > 0)
    return `${off} rows do not open on a whole ${interval} (${faults.length} more are faulty)`;
  return columnsOf(aggregate(onGrid, { from: interval, to: '1h' }).candles);
}

function hourNotes(read: readonly Read[]): readonly string[] {
  const shorter = new Set(
    read.flatMap(({ stepMs = HOUR }) => (stepMs < HOUR ? [lengthText(stepMs)] : [])),
  );
  return [
    'The newest row of each file was left out: it may have been forming when it was recorded.',
    ...[...shorter].map(
      (interval) =>
        `Candles of ${interval} were put together to whole hours; an hour that lacks one is a gap.`,
    ),
  ];
}

const LISTED = 12;

function shortNotes(recordings: readonly LoadedRecording[]): readonly string[] {
  const short = recordings.filter(({ candles }) => candles.length < LEAST_FOR_A_TRADE);
  if (short.length === 0) return [];
  const named = short
    .slice(0, LISTED)
    .map(({ symbol, candles }) => `${symbol} has ${candles.length}`);
  const more = short.length > LISTED ? `, and ${short.length - LISTED} more have fewer` : '';
  return [`A trade needs ${LEAST_FOR_A_TRADE} candles: ${named.join(', ')}${more}.`];
}

/** The time that is traded: what was asked for, within what the data cover. */
export function windowOf(options: Options, { recordings }: Loaded): Window {
  const starts = recordings.map(({ candles }) => candles.time[0] ?? NaN);
  const ends = recordings.map(({ candles, candleMs }) => (candles.time.at(-1) ?? NaN) + candleMs);
  const to = Math.min(options.to ?? Infinity, Math.max(...ends));
  const earliest = options.preset === undefined ? -Infinity : presetStart(options.preset, to);
  const from = Math.max(options.from ?? earliest, Math.min(...starts));
  if (from < to) return { from, to };
  throw new UsageError(
    `no candle lies between --from and --to; the data reach from ${formatUtc(Math.min(...starts))} to ${formatUtc(Math.max(...ends))}`,
  );
}
