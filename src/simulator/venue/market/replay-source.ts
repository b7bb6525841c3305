import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mixSeed, textSeed } from '../random.ts';
import { buildInstrument, type Instrument } from './instrument.ts';
import type { Candle, CandleEnd } from './market.ts';
import { PathMarket, type Anchor, type PathSource } from './path-market.ts';
import {
  commonStep,
  isRecording,
  readRecording,
  symbolOfFile,
  type Recording,
} from './recording-file.ts';

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

/** Recorded candles from `SYMBOL.csv.gz` or `SYMBOL.csv` files; see `readRecording` for what they must be. */
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
  const wanted = Array.isArray(options.symbols) ? new Set<string>(options.symbols) : undefined;
  const recordings: Recording[] = [];
  const files = new Map<string, string>();
  for (const file of readdirSync(options.dir).filter(isRecording).sort()) {
    const symbol = symbolOfFile(file);
    if (wanted !== undefined && !wanted.has(symbol)) continue;
    const other = files.get(symbol);
    if (other !== undefined)
      throw new Error(`${other} and ${file} are both of ${symbol}; keep one`);
    files.set(symbol, file);
    const bytes = readFileSync(path.join(options.dir, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const recording = readRecording(file, text, options.to ?? Infinity);
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

/** The recorded market together with the time at which a replay without a request of its own starts: after half of the candles, but never before them. */
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
