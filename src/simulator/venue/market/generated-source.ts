import { buildInstrument, type Instrument, type InstrumentSeed } from './instrument.ts';
import { generatedSeeds } from './generated-symbols.ts';
import { HourWalk, type Fall } from './hour-walk.ts';
import type { Candle } from './market.ts';
import { minutesOfHour, pathOfMinute, type MinuteBars } from './minute-bridge.ts';
import { PathMarket, type Anchor, type PathSource } from './path-market.ts';
import { mixSeed } from '../random.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const FOUR_HOURS = 4 * HOUR;
const DAY_HOURS = 24;
/** Days of candles that exist before the venue's start. */
const HISTORY_DAYS = 90;
const CACHED_HOURS = 6_000;
const CACHED_MINUTES = 6_000;

export interface GeneratedOptions {
  readonly seed: number;
  readonly symbols?: number;
  /** Venue time of the start, Unix ms: the market before it is history. */
  readonly from: number;
  /** So many contracts fall below the lowest price of 55 days: one in the newest candle of 4 h before the start, the next in the next. */
  readonly fallers?: number;
}

/** A made-up market that depends on its seed and its start alone, to the digit. Minutes and paths are derived when asked for. */
export class GeneratedSource implements PathSource {
  readonly instruments: readonly Instrument[];
  readonly steps: readonly number[] = [HOUR, MINUTE];
  readonly #seed: number;
  readonly #first: number;
  readonly #walk: HourWalk;
  readonly #minutes = new Map<number, MinuteBars>();
  readonly #paths = new Map<number, readonly Anchor[]>();

  constructor(seeds: readonly InstrumentSeed[], options: GeneratedOptions) {
    this.instruments = seeds.map(buildInstrument);
    this.#seed = options.seed;
    this.#first = Math.floor(options.from / HOUR) * HOUR - HISTORY_DAYS * DAY_HOURS * HOUR;
    const lastClose = Math.floor(options.from / FOUR_HOURS) * FOUR_HOURS;
    const from = (lastClose - FOUR_HOURS - this.#first) / HOUR;
    this.#walk = walkOf(seeds, options.seed, { contracts: options.fallers ?? 0, from });
    this.#walk.extend(HISTORY_DAYS * DAY_HOURS + 1);
  }

  bar(index: number, step: number, open: number): Candle | undefined {
    if (step === HOUR) return this.#hourBar(index, open);
    const bars = this.#minutesOf(index, open);
    const at = (open % HOUR) / MINUTE;
    return bars === undefined ? undefined : candleAt(bars, at, open);
  }

  anchors(index: number, open: number): readonly Anchor[] {
    const key = (open / MINUTE) * 1024 + index;
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    const bar = this.bar(index, MINUTE, open);
    if (bar === undefined) return [];
    const path = pathOfMinute(bar, mixSeed(this.#seed, index, open / MINUTE));
    remember(this.#paths, { key, value: path, limit: CACHED_MINUTES });
    return path;
  }

  lastOpen(_index: number, time: number): number | undefined {
    return time < this.#first ? undefined : Math.floor(time / MINUTE) * MINUTE;
  }

  #hourBar(index: number, open: number): Candle | undefined {
    const at = (open - this.#first) / HOUR;
    if (at < 0) return undefined;
    if (at >= this.#walk.hours) this.#walk.extend(at + 1);
    const bars = this.#walk.bars[index];
    return bars === undefined
      ? undefined
      : hourCandle(bars, at, { open, scale: this.#scale(index) });
  }

  #minutesOf(index: number, time: number): MinuteBars | undefined {
    const hour = Math.floor(time / HOUR);
    const key = hour * 1024 + index;
    const known = this.#minutes.get(key);
    if (known !== undefined) return known;
    const bar = this.#hourBar(index, hour * HOUR);
    const sigma = this.#walk.bars[index]?.sigma[hour - this.#first / HOUR];
    if (bar === undefined || sigma === undefined) return undefined;
    const bars = minutesOfHour(bar, sigma, {
      seed: mixSeed(this.#seed, index, hour),
      scale: this.#scale(index),
    });
    remember(this.#minutes, { key, value: bars, limit: CACHED_HOURS });
    return bars;
  }

  #scale(index: number): number {
    return 10 ** (this.instruments[index]?.quotePrecision ?? 0);
  }
}

function hourCandle(
  bars: HourWalk['bars'][number],
  at: number,
  context: { readonly open: number; readonly scale: number },
): Candle | undefined {
  const open = bars.open[at];
  const high = bars.high[at];
  const low = bars.low[at];
  const close = bars.close[at];
  const quoteVolume = bars.quoteVolume[at];
  if (open === undefined || high === undefined || low === undefined) return undefined;
  if (close === undefined || quoteVolume === undefined) return undefined;
  const baseVolume = (quoteVolume * context.scale * 4) / (open + high + low + close);
  return { time: context.open, open, high, low, close, baseVolume, quoteVolume };
}

function candleAt(bars: MinuteBars, at: number, time: number): Candle {
  const open = bars.close[at] ?? 0;
  const close = bars.close[at + 1] ?? open;
  return {
    time,
    open,
    high: bars.high[at] ?? Math.max(open, close),
    low: bars.low[at] ?? Math.min(open, close),
    close,
    quoteVolume: bars.quoteVolume[at] ?? 0,
    baseVolume: bars.baseVolume[at] ?? 0,
  };
}

/** The walks made last. What is in one never changes, it only grows, so venues of one process that play the same market share it. */
const walks = new Map<string, HourWalk>();
const SHARED_WALKS = 4;

function walkOf(seeds: readonly InstrumentSeed[], seed: number, fall: Fall): HourWalk {
  const key = JSON.stringify([seeds, seed, fall]);
  const known = walks.get(key);
  if (known !== undefined) return known;
  const walk = new HourWalk(seeds, seed, fall);
  remember(walks, { key, value: walk, limit: SHARED_WALKS });
  return walk;
}

/** Keeps the newest entries of a cache: the oldest leave when it is full. */
function remember<K, T>(cache: Map<K, T>, entry: { key: K; value: T; limit: number }): void {
  if (cache.size >= entry.limit) {
    let spare = Math.floor(entry.limit / 4);
    for (const key of cache.keys()) {
      if (spare-- <= 0) break;
      cache.delete(key);
    }
  }
  cache.set(entry.key, entry.value);
}

/** The generated market; with `crashAt`, everything falls by a quarter to a half within half an hour from then on. */
export function generatedMarket(options: GeneratedOptions, crashAt?: number): PathMarket {
  const market = new PathMarket(new GeneratedSource(generatedSeeds(options.symbols), options));
  if (crashAt !== undefined) scriptCrash(market, options.seed, crashAt);
  return market;
}

function scriptCrash(market: PathMarket, seed: number, crashAt: number): void {
  market.instruments.forEach((instrument, index) => {
    const major = instrument.maxLeverage >= 200;
    const spread = mixSeed(seed, index, 99) / 4294967296;
    const bottom = major ? 0.88 - 0.03 * spread : 0.75 - 0.25 * spread;
    const kept = bottom + 0.45 * (1 - bottom);
    market.overlay(index)?.ramp([
      { time: crashAt, factor: 1 },
      { time: crashAt + 12 * MINUTE, factor: 1 - 0.4 * (1 - bottom) },
      { time: crashAt + 30 * MINUTE, factor: bottom },
      { time: crashAt + 50 * MINUTE, factor: bottom * 1.03 },
      { time: crashAt + 150 * MINUTE, factor: kept },
    ]);
  });
}
