import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mixSeed, textSeed } from '../random.ts';
import { buildInstrument, type Instrument } from './instrument.ts';
import type { Candle, CandleEnd } from './market.ts';
import { PathMarket, type Anchor, type PathSource } from './path-market.ts';

const DIGIT_0 = 48;
const DIGIT_9 = 57;

export interface ReplayOptions {
  readonly dir: string;
  /** Last venue time to load, Unix ms; everything later in the files is left out. */
  readonly to?: number;
  /** Only these contracts, or only this many of the most traded. */
  readonly symbols?: number | readonly string[];
  /**
   * As a backtest sees the market: a candle's price stands at its open and runs through its ends to the close in its last
   * millisecond, the end that hurts the open position first; the mark is the last price.
   */
  readonly asBacktest?: boolean;
}

/** One contract's recorded candles: `times` ascend, gaps are left as they are. */
interface Recording {
  readonly symbol: string;
  readonly quotePrecision: number;
  readonly times: readonly number[];
  readonly rows: readonly Candle[];
}

/** Recorded candles from `SYMBOL.csv.gz` or `SYMBOL.csv` files: `time,open,high,low,close,volume`, volume in base coin. */
export class ReplaySource implements PathSource {
  readonly instruments: readonly Instrument[];
  readonly steps: readonly number[];
  /** First candle's open and last candle's close over all files. */
  readonly start: number;
  readonly end: number;
  readonly #step: number;
  readonly #recordings: readonly Recording[];
  readonly #asBacktest: boolean;
  readonly #byTime: ReadonlyArray<ReadonlyMap<number, Candle>>;

  constructor(options: ReplayOptions) {
    const loaded = chosen(loadAll(options), options.symbols);
    if (loaded.length === 0)
      throw new Error(
        `No candles were found in ${options.dir}: expected files like BTCUSDT.csv.gz`,
      );
    this.#step = commonStep(loaded);
    this.steps = [this.#step];
    this.#recordings = loaded;
    this.#asBacktest = options.asBacktest ?? false;
    this.#byTime = loaded.map(({ rows }) => new Map(rows.map((row) => [row.time, row])));
    this.instruments = loaded.map((recording) => {
      const instrument = instrumentOf(recording, this.#step);
      return this.#asBacktest ? { ...instrument, basis: 0 } : instrument;
    });
    this.start = loaded.reduce((first, { times }) => Math.min(first, times[0] ?? first), Infinity);
    this.end =
      loaded.reduce((last, { times }) => Math.max(last, times.at(-1) ?? last), 0) + this.#step;
  }

  bar(index: number, _step: number, open: number): Candle | undefined {
    return this.#byTime[index]?.get(open);
  }

  /** An up candle goes open, low, high, close; a down candle open, high, low, close; at 0, 30 %, 70 % and its last ms. */
  anchors(index: number, open: number, first: CandleEnd = 'low'): readonly Anchor[] {
    const bar = this.bar(index, this.#step, open);
    if (bar === undefined) return [];
    if (this.#asBacktest) return atTheEnd(bar, this.#step - 1, first);
    const up = bar.close >= bar.open;
    return [
      { at: 0, ticks: bar.open },
      { at: Math.floor(this.#step * 0.3), ticks: up ? bar.low : bar.high },
      { at: Math.floor(this.#step * 0.7), ticks: up ? bar.high : bar.low },
      { at: this.#step - 1, ticks: bar.close },
    ];
  }

  lastOpen(index: number, time: number): number | undefined {
    const open = Math.floor(time / this.#step) * this.#step;
    if (this.#byTime[index]?.has(open) === true) return open;
    return lastAtOrBefore(this.#recordings[index]?.times ?? [], time);
  }
}

function atTheEnd(bar: Candle, at: number, first: CandleEnd): readonly Anchor[] {
  const ends = first === 'low' ? [bar.low, bar.high] : [bar.high, bar.low];
  return [
    { at: 0, ticks: bar.open },
    ...[bar.open, ...ends, bar.close].map((ticks) => ({ at, ticks })),
  ];
}

function lastAtOrBefore(times: readonly number[], time: number): number | undefined {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return times[low - 1];
}

function loadAll(options: ReplayOptions): Recording[] {
  const files = readdirSync(options.dir).filter((name) => /\.csv(?:\.gz)?$/.test(name));
  const wanted = Array.isArray(options.symbols) ? new Set<string>(options.symbols) : undefined;
  const recordings: Recording[] = [];
  for (const file of files.sort()) {
    const symbol = file.replace(/\.csv(?:\.gz)?$/, '').toUpperCase();
    if (wanted !== undefined && !wanted.has(symbol)) continue;
    const bytes = readFileSync(path.join(options.dir, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const recording = readRecording(symbol, text, options.to ?? Infinity);
    if (recording !== undefined) recordings.push(recording);
  }
  return recordings;
}

function chosen(recordings: Recording[], symbols: ReplayOptions['symbols']): Recording[] {
  const byTurnover = recordings.toSorted((a, b) => turnover(b) - turnover(a));
  return typeof symbols === 'number' ? byTurnover.slice(0, symbols) : byTurnover;
}

function turnover(recording: Recording): number {
  return recording.rows.reduce((sum, row) => sum + row.quoteVolume, 0) / recording.rows.length;
}

/** Reads one file. The last row may have been forming when it was recorded, so it is dropped. */
export function readRecording(symbol: string, text: string, to: number): Recording | undefined {
  const cells: string[][] = [];
  let quotePrecision = 0;
  for (const line of text.split('\n')) {
    const code = line.charCodeAt(0);
    const isRow = code >= DIGIT_0 && code <= DIGIT_9;
    if (!isRow) continue;
    const row = line.split(',');
    cells.push(row);
    for (let at = 1; at <= 4; at += 1) {
      quotePrecision = Math.max(quotePrecision, decimals(row[at] ?? ''));
    }
  }
  cells.pop();
  const scale = 10 ** Math.min(12, quotePrecision);
  const rows: Candle[] = [];
  for (const row of cells) {
    const candle = readCandle(row, scale);
    if (candle.time >= to) break;
    if (candle.low > 0 && Number.isFinite(candle.quoteVolume)) rows.push(candle);
  }
  if (rows.length === 0) return undefined;
  return {
    symbol,
    quotePrecision: Math.min(12, quotePrecision),
    times: rows.map((row) => row.time),
    rows,
  };
}

function readCandle(row: readonly string[], scale: number): Candle {
  const ticks = (at: number): number => Math.round(Number(row[at]) * scale);
  const [open, high, low, close] = [ticks(1), ticks(2), ticks(3), ticks(4)];
  const baseVolume = Number(row[5]);
  const quoteVolume = (baseVolume * (open + high + low + close)) / 4 / scale;
  return { time: Number(row[0]), open, high, low, close, baseVolume, quoteVolume };
}

function decimals(price: string): number {
  const dot = price.indexOf('.');
  return dot < 0 ? 0 : price.length - dot - 1;
}

/** The shortest distance between neighbouring candles: gaps are longer, never shorter. */
function commonStep(recordings: readonly Recording[]): number {
  let step = Infinity;
  for (const { times } of recordings) {
    for (let at = 1; at < times.length; at += 1)
      step = Math.min(step, (times[at] ?? 0) - (times[at - 1] ?? 0));
  }
  if (!Number.isFinite(step))
    throw new Error('A recording needs at least three candles to tell their length');
  return step;
}

function instrumentOf(recording: Recording, step: number): Instrument {
  const last = recording.rows.at(-1);
  const seed = mixSeed(textSeed(recording.symbol), 5);
  return buildInstrument({
    symbol: recording.symbol,
    price: (last?.close ?? 1) / 10 ** recording.quotePrecision,
    dayVolume: (turnover(recording) * 86_400_000) / step,
    quotePrecision: recording.quotePrecision,
    basis: seed % 2 === 0 ? 0 : ((seed % 41) - 20) / 1e5,
    fundingHours: seed % 5 < 3 ? 4 : 8,
  });
}

/** The recorded market together with the time at which a replay without a wish of its own starts: after half of the candles, but never before them. */
export function replayMarket(options: ReplayOptions): {
  market: PathMarket;
  start: number;
  end: number;
} {
  const source = new ReplaySource(options);
  const middle = Math.floor((source.start + source.end) / 2 / 3_600_000) * 3_600_000;
  const start = Math.max(source.start, middle);
  return { market: new PathMarket(source), start, end: source.end };
}
