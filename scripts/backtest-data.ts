import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Recording, Window } from '../src/backtest/figures/analyse.ts';
import {
  candleAt,
  columnsOf,
  sliceColumns,
  type CandleColumns,
} from '../src/backtest/candles/candle-columns.ts';
import { isCandleFile, isJson, readFileName } from '../src/backtest/files/candle-file-name.ts';
import { commonest, lengthOf, lengthText, stepOf } from '../src/backtest/candles/candle-length.ts';
import { parseCandles, type CandleFile, type ParsedCandles } from '../src/backtest/files/csv.ts';
import {
  describeData,
  understoodLines,
  type DataReport,
} from '../src/backtest/candles/data-report.ts';
import { presetStart } from '../src/backtest/study/presets.ts';
import { intervalMs, type Interval } from '../src/domain/candle.ts';
import { formatDuration, formatUtc, HOUR } from '../src/domain/time.ts';
import { aggregate } from '../src/indicators/aggregate.ts';
import { categoryOf } from '../src/signals/categories.ts';
import type { Strategy } from '../src/signals/strategy.ts';
import { UsageError, type Options } from './backtest-options.ts';
import type { Share } from './backtest-workers.ts';
import { showProgress } from './backtest-progress.ts';
import { countText } from '../src/domain/words/words.ts';

/** Candles that a trade of the reference rule needs: 20 for its bands, and one to enter in. */
const LEAST_FOR_A_TRADE = 21;

/** Bytes that are unpacked at a time: a file of 4,500 candles in one piece, instead of a dozen that are put together. */
const CHUNK = 2 ** 18;

const WHOLE: Share = { part: 0, of: 1 };

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

/**
 * Reads the recordings that were asked for, or a share of them. What cannot be used is named. Throws NothingToRun where no share was
 * asked for, and UsageError for the folder.
 */
export function load(options: Options, { part, of }: Share = WHOLE): Loaded {
  const { data, symbols, strategy } = options;
  const { files, nameless } = filesOf(data);
  // In one order, whatever order they were asked for in: the same symbols give the same trades.
  const wanted = (symbols ?? [...files.keys()])
    .toSorted()
    .filter((_, index) => index % of === part);
  const leftOut: LeftOut[] = symbols === undefined ? [...nameless] : [];
  const read: Read[] = [];
  for (const [index, symbol] of wanted.entries()) {
    showProgress('reading', index + 1, wanted.length);
    const names = files.get(symbol);
    const found =
      names === undefined ? noData(symbol, files) : readOne(symbol, { data, names }, strategy);
    if (typeof found === 'string') leftOut.push({ symbol, reason: printable(found) });
    else read.push(found);
  }
  // What a file of one row lacks.
  const usual = commonest(read.flatMap(({ stepMs }) => (stepMs === undefined ? [] : [stepMs])));
  const recordings: LoadedRecording[] = [];
  const reports: DataReport[] = [];
  for (const each of read) {
    const { symbol, priceDecimals, faults, usedTicks, stepMs = usual ?? HOUR } = each;
    const fitted =
      strategy.isReference === true ? each.columns : toInterval(each, strategy.interval);
    const reason = typeof fitted === 'string' ? fitted : tooFew(each, fitted, strategy);
    if (typeof fitted === 'string' || reason !== undefined) {
      leftOut.push({ symbol, reason: reason ?? '' });
      continue;
    }
    const candleMs = strategy.isReference === true ? stepMs : intervalMs(strategy.interval);
    const category = categoryOf(symbol);
    recordings.push({ symbol, category, candles: fitted, candleMs, priceDecimals });
    reports.push(describeData(symbol, { columns: fitted, faults, usedTicks }, candleMs));
  }
  if (recordings.length === 0 && of === 1) throw new NothingToRun(leftOut);
  const lengths = [...new Set(recordings.map(({ candleMs }) => lengthText(candleMs)))];
  const interval = lengths.length === 1 ? (lengths[0] ?? '') : 'mixed lengths';
  const used = new Set(recordings.map(({ symbol }) => symbol));
  const notes = [
    ...understoodLines(read.filter(({ symbol }) => used.has(symbol))),
    ...(strategy.isReference === true
      ? shortNotes(recordings)
      : intervalNotes(read, strategy.interval)),
  ];
  return { recordings, interval, reports, leftOut, notes };
}

/** What a file holds may be anything: no control character of it reaches a terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?');

/** Why so few candles cannot be used; undefined when they are enough. The reference rule uses every row there is. */
function tooFew(
  { faults }: Read,
  { length }: CandleColumns,
  strategy: Strategy,
): string | undefined {
  const least = strategy.isReference === true ? 1 : strategy.minHistory;
  if (length >= least) return undefined;
  const [first] = faults;
  const unusable =
    first === undefined
      ? ''
      : `; ${countText(faults.length, 'row')} cannot be used, first line ${first.line}: ${first.reason}`;
  return `${countText(length, 'closed candle')}, ${least} are needed before any signal${unusable}`;
}

const noData = (symbol: string, files: ReadonlyMap<string, unknown>): string =>
  files.has(`${symbol}USDT`) ? `no data; there is ${symbol}USDT` : 'no data';

interface Folder {
  /** Names of its files by contract. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Files whose name tells no contract. */
  readonly nameless: readonly LeftOut[];
}

function filesOf(folder: string): Folder {
  const kind = statSync(folder, { throwIfNoEntry: false });
  if (kind === undefined) throw new UsageError(`the folder "${folder}" does not exist`);
  if (!kind.isDirectory()) throw new UsageError(`"${folder}" is no folder; give the one it is in`);
  const files = new Map<string, string[]>();
  const nameless: LeftOut[] = [];
  const all = readdirSync(folder).toSorted();
  for (const name of all.filter(isCandleFile)) {
    const read = readFileName(name);
    if (typeof read === 'string') {
      nameless.push({ symbol: name, reason: read });
      continue;
    }
    const others = files.get(read.symbol) ?? [];
    others.push(name);
    files.set(read.symbol, others);
  }
  if (files.size === 0 && nameless.length === 0) {
    const packed = all.some((name) => name.endsWith('.zip')) ? '; unpack its .zip files first' : '';
    throw new UsageError(
      `the folder "${folder}" holds no file SYMBOL.csv.gz or SYMBOL.csv${packed}`,
    );
  }
  if (files.size === 0) throw new NothingToRun(nameless);
  return { files, nameless };
}

type Read = ParsedCandles & { readonly symbol: string; readonly stepMs: number | undefined };

/** The candles of a contract's files, or why they cannot be used. */
function readOne(
  symbol: string,
  { data, names }: { readonly data: string; readonly names: readonly string[] },
  strategy: Strategy,
): Read | string {
  try {
    const files = names.map((name) => readFile(data, name));
    const parsed = parseCandles(files, strategy.isReference === true ? 'used' : 'left-out');
    const [first] = parsed.faults;
    if (parsed.columns.length === 0 && first !== undefined) {
      return `none of its ${countText(parsed.faults.length, 'row')} can be used; line ${first.line}: ${first.reason}`;
    }
    return { symbol, stepMs: stepOf(parsed.columns), ...parsed };
  } catch (error) {
    const what = names.length === 1 ? 'the file' : `the ${names.length} files`;
    return `${what} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function readFile(data: string, name: string): CandleFile {
  const stored = readFileSync(join(data, name));
  const bytes = name.endsWith('.gz') ? gunzipSync(stored, { chunkSize: CHUNK }) : stored;
  const said = readFileName(name);
  const known = typeof said === 'string' ? {} : { ...said, namedMs: said.stepMs };
  return {
    file: name,
    bytes,
    // Made only where it is asked for: a plain file is read from its bytes.
    get text() {
      return bytes.toString();
    },
    isJson: isJson(name),
    ...known,
  };
}

/**
 * A strategy works on closed candles of its interval: shorter ones are put together, longer ones cannot be used. The newest row is left
 * out, because it may have been forming when it was recorded.
 */
function toInterval({ columns, stepMs, faults }: Read, needed: Interval): CandleColumns | string {
  const candleMs = intervalMs(needed);
  const lengths = `${needed.replace(/(\d+)/, '$1 ')} or shorter`;
  const closed = sliceColumns(columns, 0, Math.max(0, columns.length - 1));
  if (closed.length < 2 || stepMs === candleMs) return closed;
  const interval = lengthOf(columns);
  if (stepMs === undefined || interval === undefined) {
    return `its rows lie ${formatDuration(stepMs ?? NaN)} apart most often, which is no candle's length; the strategy needs ${lengths}`;
  }
  if (stepMs > candleMs) {
    return `its candles are of ${interval}; the strategy needs ${lengths}`;
  }
  const onGrid = Array.from({ length: closed.length }, (_, row) => candleAt(closed, row)).filter(
    ({ openTime }) => openTime % stepMs === 0,
  );
  const off = closed.length - onGrid.length;
  if (off > 0)
    return `${countText(off, 'row does', 'rows do')} not open on a whole ${interval} (${faults.length} more are faulty)`;
  return columnsOf(aggregate(onGrid, { from: interval, to: needed }).candles);
}

function intervalNotes(read: readonly Read[], needed: Interval): readonly string[] {
  const candleMs = intervalMs(needed);
  const shorter = new Set(
    read.flatMap(({ stepMs = candleMs }) => (stepMs < candleMs ? [lengthText(stepMs)] : [])),
  );
  const whole = needed === '1h' ? 'whole hours; an hour' : `candles of ${needed}; one`;
  return [
    'The newest row of each file was left out: it may have been forming when it was recorded.',
    ...[...shorter].map(
      (interval) => `Candles of ${interval} were put together to ${whole} that lacks one is a gap.`,
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
