import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Recording, Window } from '../src/backtest/analyse.ts';
import { candleAt, columnsOf, sliceColumns } from '../src/backtest/candle-columns.ts';
import { parseCandleCsv, type ParsedCandles } from '../src/backtest/csv.ts';
import { describeData, lengthOf, type DataReport } from '../src/backtest/data-report.ts';
import { presetStart } from '../src/backtest/presets.ts';
import { intervalMs, type Interval } from '../src/domain/candle.ts';
import { formatUtc } from '../src/domain/time.ts';
import { aggregate } from '../src/indicators/aggregate.ts';
import { categoryOf } from '../src/signals/categories.ts';
import { WARM_UP_CANDLES } from '../src/signals/continuity.ts';
import { UsageError, type Options } from './backtest-options.ts';
import { showProgress } from './backtest-progress.ts';

const ENDINGS = ['.csv.gz', '.csv'];

/** Candles before a signal is possible at all. The reference rule uses every row; its bands need 20. */
const LEAST_ROWS: Record<Options['strategy'], number> = {
  conservative: WARM_UP_CANDLES,
  'band-reversion': 21,
};

type LoadedRecording = Recording & { readonly priceDecimals: number };

export interface LeftOut {
  readonly symbol: string;
  readonly reason: string;
}

export interface Loaded {
  readonly recordings: readonly LoadedRecording[];
  /** Length of the candles that are traded on. */
  readonly interval: Interval;
  readonly reports: readonly DataReport[];
  readonly leftOut: readonly LeftOut[];
  /** What was done to all of the data, in plain words. */
  readonly notes: readonly string[];
}

/** Reads the recordings that were asked for. What cannot be used is named; nothing usable at all is a UsageError. */
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
    const found = name === undefined ? noData(symbol, files) : readOne(symbol, join(data, name));
    if (typeof found === 'string') leftOut.push({ symbol, reason: found });
    else read.push(found);
  }
  const interval = strategy === 'conservative' ? '1h' : commonest(read);
  const recordings: LoadedRecording[] = [];
  const reports: DataReport[] = [];
  for (const each of read) {
    const fitted = strategy === 'conservative' ? toHours(each) : atLength(each, interval);
    const candles = typeof fitted === 'string' ? undefined : fitted;
    const least = LEAST_ROWS[strategy];
    if (candles === undefined || candles.length < least) {
      const few = `${candles?.length} closed candles, ${least} are needed before any signal`;
      leftOut.push({ symbol: each.symbol, reason: typeof fitted === 'string' ? fitted : few });
      continue;
    }
    const { symbol, priceDecimals, faults } = each;
    recordings.push({ symbol, category: categoryOf(symbol), candles, priceDecimals });
    reports.push(describeData(symbol, { columns: candles, faults }, intervalMs(interval)));
  }
  if (recordings.length === 0) throw nothingToRun(leftOut);
  return { recordings, interval, reports, leftOut, notes: notesOf(read, strategy) };
}

const nothingToRun = (leftOut: readonly LeftOut[]): UsageError => {
  const named = leftOut.slice(0, 5).map(({ symbol, reason }) => `${symbol}: ${reason}`);
  const more = leftOut.length > 5 ? `; and ${leftOut.length - 5} more` : '';
  return new UsageError(`nothing to run: ${named.join('; ')}${more}`);
};

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
  if (files.size === 0) throw new UsageError(`the folder "${folder}" holds no *${ENDINGS[0]} file`);
  return files;
}

type Read = ParsedCandles & { readonly symbol: string; readonly interval: Interval | undefined };

/** A file's candles, or why they cannot be used. */
function readOne(symbol: string, file: string): Read | string {
  try {
    const bytes = readFileSync(file);
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    const parsed = parseCandleCsv(text);
    const [first] = parsed.faults;
    if (parsed.columns.length === 0 && first !== undefined) {
      return `none of its ${parsed.faults.length} rows can be used; line ${first.line}: ${first.reason}`;
    }
    return { symbol, interval: lengthOf(parsed.columns), ...parsed };
  } catch (error) {
    return `the file cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The reference rule takes candles of any one length. */
function commonest(read: readonly Read[]): Interval {
  const counts = new Map<Interval, number>();
  for (const { interval = '1h' } of read) counts.set(interval, (counts.get(interval) ?? 0) + 1);
  const [first] = [...counts].toSorted(([, one], [, other]) => other - one);
  return first?.[0] ?? '1h';
}

const atLength = ({ columns, interval = '1h' }: Read, wanted: Interval) =>
  interval === wanted ? columns : `its candles are of ${interval}, most others of ${wanted}`;

/**
 * The strategy works on closed candles of 1 h: shorter ones are put together, longer ones cannot be used. The newest row is left
 * out, because it may have been forming when it was recorded.
 */
function toHours({ columns, interval, faults }: Read): Recording['candles'] | string {
  const closed = sliceColumns(columns, 0, Math.max(0, columns.length - 1));
  if (closed.length < 2 || interval === '1h') return closed;
  const small = interval === undefined ? NaN : intervalMs(interval);
  if (interval === undefined || !(small < intervalMs('1h'))) {
    return `its candles are of ${interval ?? 'no known length'}; the strategy needs 1 h or shorter`;
  }
  const onGrid = Array.from({ length: closed.length }, (_, row) => candleAt(closed, row)).filter(
    ({ openTime }) => openTime % small === 0,
  );
  const off = closed.length - onGrid.length;
  if (off > 0)
    return `${off} rows do not open on a whole ${interval} (${faults.length} more are faulty)`;
  return columnsOf(aggregate(onGrid, { from: interval, to: '1h' }).candles);
}

function notesOf(read: readonly Read[], strategy: Options['strategy']): readonly string[] {
  if (strategy !== 'conservative') return [];
  const shorter = new Set(
    read.flatMap(({ interval = '1h' }) => (interval === '1h' ? [] : [interval])),
  );
  return [
    'The newest row of each file was left out: it may have been forming when it was recorded.',
    ...[...shorter].map(
      (interval) =>
        `Candles of ${interval} were put together to whole hours; an hour that lacks one is a gap.`,
    ),
  ];
}

/** The time that is traded: what was asked for, within what the data cover. */
export function windowOf(options: Options, { recordings, interval }: Loaded): Window {
  const starts = recordings.map(({ candles }) => candles.time[0] ?? NaN);
  const ends = recordings.map(({ candles }) => (candles.time.at(-1) ?? NaN) + intervalMs(interval));
  const to = Math.min(options.to ?? Infinity, Math.max(...ends));
  const earliest = options.preset === undefined ? -Infinity : presetStart(options.preset, to);
  const from = Math.max(options.from ?? earliest, Math.min(...starts));
  if (from < to) return { from, to };
  throw new UsageError(
    `no candle lies between --from and --to; the data reach from ${formatUtc(Math.min(...starts))} to ${formatUtc(Math.max(...ends))}`,
  );
}
