import type { InstrumentSeed } from './instrument.ts';
import { fatTailed, gaussian, mixSeed, seededRandom, textSeed, type Random } from '../random.ts';

/** Hour bars of one contract, in ticks, from the first generated hour on. */
export interface HourBars {
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly quoteVolume: number[];
  /** Standard deviation of the hour's log return: how lively its minutes are. */
  readonly sigma: number[];
}

/** What the whole market does in an hour: its log return, and how many times as lively as usual it is. */
interface MarketHour {
  readonly ret: number;
  readonly wild: number;
}

/** An hour of one contract. `part`: its log return where the hour belongs to a fall. */
type Hour = MarketHour & { readonly part: number | undefined };

interface Walker {
  /** Ticks in one unit of the price. */
  readonly scale: number;
  readonly seed: InstrumentSeed;
  readonly random: Random;
  readonly beta: number;
  readonly idle: number;
  readonly anchor: number;
  logPrice: number;
  wildness: number;
  drift: number;
  regimeLeft: number;
  lastTicks: number;
}

/** A few of the most traded contracts that fall through the floor of 55 days within one candle of 4 h. */
export interface Fall {
  readonly contracts: number;
  /** Index of the first of the four hours. */
  readonly from: number;
}

const FALL_HOURS = 4;
const FLOOR_HOURS = 55 * 24;
/** Those that may fall: by falling turnover, without the two largest, which the others follow. */
const FALLERS: readonly [first: number, end: number] = [2, 24];
/** How far below the floor the last of the hours closes, as a log return. */
const BELOW_FLOOR = 0.012;

const MARKET_SIGMA = 0.0036;
const SMALLEST_TICKS = 50;

/**
 * Log returns by the hour: one market factor that everything follows by its beta, plus the contract's own noise; both
 * cluster in volatility, have fat tails, and drift through regimes of one to six days, which is what trends are made of.
 */
export class HourWalk {
  readonly bars: readonly HourBars[];
  readonly #market: Random;
  readonly #walkers: readonly Walker[];
  #marketWildness = 0;
  #marketDrift = 0;
  #marketRegimeLeft = 0;
  #hours = 0;
  readonly #fall: Fall | undefined;
  /** By the index of who falls: the log price at the end. */
  #bottoms: ReadonlyMap<number, number> = new Map();

  constructor(seeds: readonly InstrumentSeed[], seed: number, fall?: Fall) {
    this.#fall = fall;
    this.#market = seededRandom(mixSeed(seed, 1));
    this.#walkers = seeds.map((instrument) => walker(instrument, seed));
    this.bars = seeds.map(() => ({
      open: [],
      high: [],
      low: [],
      close: [],
      quoteVolume: [],
      sigma: [],
    }));
  }

  get hours(): number {
    return this.#hours;
  }

  /** Generates hours until there are `count`. */
  extend(count: number): void {
    while (this.#hours < count) {
      const market = this.#marketHour();
      if (this.#hours === this.#fall?.from) this.#bottoms = this.#nearestToFloor(this.#fall);
      const left = (this.#fall?.from ?? -Infinity) + FALL_HOURS - this.#hours;
      this.#walkers.forEach((one, at) => {
        const bars = this.bars[at];
        const bottom = left > 0 ? this.#bottoms.get(at) : undefined;
        const part = bottom === undefined ? undefined : (bottom - one.logPrice) / left;
        if (bars !== undefined) stepHour(one, bars, { ...market, part });
      });
      this.#hours += 1;
    }
  }

  /** Those that have the shortest way to fall, and where it ends: below the lowest price of the 55 days before. */
  #nearestToFloor({ contracts, from }: Fall): ReadonlyMap<number, number> {
    const ways = this.#walkers.flatMap(({ scale, logPrice }, at) => {
      const low = this.bars[at]?.low.slice(Math.max(0, from - FLOOR_HOURS)) ?? [];
      const bottom = Math.log(Math.min(...low) / scale) - BELOW_FLOOR;
      return at < FALLERS[0] || at >= FALLERS[1] ? [] : [{ at, bottom, way: logPrice - bottom }];
    });
    const nearest = ways.toSorted((one, other) => one.way - other.way).slice(0, contracts);
    return new Map(nearest.map(({ at, bottom }) => [at, bottom]));
  }

  #marketHour(): MarketHour {
    const random = this.#market;
    this.#marketWildness = 0.96 * this.#marketWildness + 0.16 * gaussian(random);
    if (this.#marketRegimeLeft <= 0) {
      this.#marketRegimeLeft = 24 + Math.floor(random() * 120);
      this.#marketDrift = 0.0008 * gaussian(random);
    }
    this.#marketRegimeLeft -= 1;
    const wild = Math.exp(this.#marketWildness);
    return { ret: this.#marketDrift + MARKET_SIGMA * wild * fatTailed(random), wild };
  }
}

function walker(seed: InstrumentSeed, marketSeed: number): Walker {
  const random = seededRandom(mixSeed(marketSeed, textSeed(seed.symbol)));
  const major = seed.dayVolume > 1e10;
  const scale = 10 ** seed.quotePrecision;
  const logPrice = Math.log(seed.price) + (major ? 0.05 : 0.15) * gaussian(random);
  return {
    seed,
    scale,
    random,
    beta: major ? 0.85 + 0.3 * random() : 0.9 + 0.7 * random(),
    idle: major ? 0.0016 : 0.004 + 0.005 * random(),
    anchor: logPrice,
    logPrice,
    wildness: 0,
    drift: 0,
    regimeLeft: 0,
    lastTicks: Math.max(SMALLEST_TICKS, Math.round(Math.exp(logPrice) * scale)),
  };
}

function stepHour(one: Walker, bars: HourBars, market: Hour): void {
  const { random } = one;
  one.wildness = 0.95 * one.wildness + 0.18 * gaussian(random);
  if (one.regimeLeft <= 0) {
    one.regimeLeft = 24 + Math.floor(random() * 120);
    one.drift = random() < 0.35 ? 0 : 0.35 * one.idle * gaussian(random);
  }
  one.regimeLeft -= 1;
  const wild = Math.exp(one.wildness);
  const own = one.idle * wild;
  const pull = 0.0015 * (one.anchor - one.logPrice);
  const walked = one.beta * market.ret + one.drift + pull + own * fatTailed(random);
  const ret = market.part ?? walked;
  const sigma = hypotenuse(own, one.beta * MARKET_SIGMA * market.wild);
  const { scale } = one;
  const from = one.logPrice;
  const to = Math.max(from + ret, Math.log(SMALLEST_TICKS / scale));
  const open = one.lastTicks;
  const close = Math.max(SMALLEST_TICKS, Math.round(Math.exp(to) * scale));
  const high = Math.round(Math.exp(bridgeExtreme(from, to, { sigma, random, sign: 1 })) * scale);
  const low = Math.round(Math.exp(bridgeExtreme(from, to, { sigma, random, sign: -1 })) * scale);
  bars.open.push(open);
  bars.high.push(Math.max(high, open, close));
  bars.low.push(Math.max(1, Math.min(low, open, close)));
  bars.close.push(close);
  bars.sigma.push(sigma);
  const liveliness = 0.6 + (0.5 * Math.abs(ret)) / sigma + 0.4 * wild;
  bars.quoteVolume.push(
    (one.seed.dayVolume / 24) * liveliness * Math.exp(0.35 * gaussian(random)) * 0.85,
  );
  one.logPrice = to;
  one.lastTicks = close;
}

/** Math.hypot of two values above 0, several times as fast. */
function hypotenuse(a: number, b: number): number {
  const longer = Math.max(a, b);
  return Math.sqrt((a / longer) ** 2 + (b / longer) ** 2) * longer;
}

/** Highest (or lowest) point of a Brownian bridge with the given ends and total standard deviation, sampled exactly. */
function bridgeExtreme(
  from: number,
  to: number,
  draw: { readonly sigma: number; readonly random: Random; readonly sign: 1 | -1 },
): number {
  const width = Math.sqrt(
    (to - from) ** 2 - 2 * (draw.sigma * 0.8) ** 2 * Math.log(1 - draw.random()),
  );
  return (from + to + draw.sign * width) / 2;
}
