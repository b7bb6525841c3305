import type { InstrumentSeed } from './instrument.ts';
import { fatTailed, gaussian, mixSeed, seededRandom, textSeed, type Random } from '../random.ts';

/** Hour bars of one contract, in ticks, from the first generated hour on; behind the last generated one they are 0. */
export interface HourBars {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly quoteVolume: Float64Array;
  /** Standard deviation of the hour's log return: how lively its minutes are. */
  readonly sigma: Float64Array;
}

/** What the whole market does in an hour: its log return, and how many times as lively as usual it is. */
interface MarketHour {
  readonly ret: number;
  readonly wild: number;
}

/** Hours in a row of one contract, the first of them the `from`th. `fall`: where they lead to, and the hour before which they are there. */
interface Stretch {
  readonly from: number;
  readonly market: readonly MarketHour[];
  readonly fall: { readonly bottom: number; readonly end: number } | undefined;
}

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

/** A few of the most traded contracts that fall through the floor of 55 days, one in each candle of 4 h from the first one on. */
export interface Fall {
  readonly contracts: number;
  /** Index of the first of the four hours of the first. */
  readonly from: number;
}

/** The index of who falls, and the log price at the end. */
interface Fallen {
  readonly at: number;
  readonly bottom: number;
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
  readonly #bars: HourBars[];
  readonly #market: Random;
  readonly #walkers: readonly Walker[];
  #marketWildness = 0;
  #marketDrift = 0;
  #marketRegimeLeft = 0;
  #hours = 0;
  readonly #fall: Fall;
  /** One a candle, the first first. */
  readonly #falls: (Fallen | undefined)[] = [];

  constructor(seeds: readonly InstrumentSeed[], seed: number, fall: Fall) {
    this.#fall = fall;
    this.#market = seededRandom(mixSeed(seed, 1));
    this.#walkers = seeds.map((instrument) => walker(instrument, seed));
    this.#bars = seeds.map(() => withRoom(undefined, 0));
  }

  get hours(): number {
    return this.#hours;
  }

  get bars(): readonly HourBars[] {
    return this.#bars;
  }

  /** Generates hours until there are `count`. */
  extend(count: number): void {
    const { from, contracts } = this.#fall;
    const ends = Array.from({ length: contracts + 1 }, (_, after) => from + after * FALL_HOURS);
    for (const end of [...ends, count]) {
      const hours = Math.min(end, count) - this.#hours;
      if (hours > 0) this.#walk(hours);
    }
  }

  /** One contract after the other: what it needs stays at hand, which is several times as fast as one hour after the other. */
  #walk(hours: number): void {
    const from = this.#hours;
    const falling = this.#fallOf(from);
    const market = Array.from({ length: hours }, () => this.#marketHour());
    this.#walkers.forEach((one, at) => {
      const bars = withRoom(this.#bars[at], from + hours);
      this.#bars[at] = bars;
      step(one, bars, { from, market, fall: falling?.at === at ? falling : undefined });
    });
    this.#hours += hours;
  }

  /** Who falls in the candle that this hour belongs to, and where it ends; none falls twice. */
  #fallOf(hour: number): (Fallen & { readonly end: number }) | undefined {
    const { from, contracts } = this.#fall;
    const candle = Math.floor((hour - from) / FALL_HOURS);
    if (candle < 0 || candle >= contracts) return undefined;
    if (candle >= this.#falls.length) this.#falls.push(this.#nearestToFloor(hour));
    const fall = this.#falls[candle];
    return fall && { ...fall, end: from + (candle + 1) * FALL_HOURS };
  }

  /** The one that has the shortest way to fall, and where it ends: below the lowest price of the 55 days before. */
  #nearestToFloor(from: number): Fallen | undefined {
    const ways = this.#walkers.flatMap(({ scale, logPrice }, at) => {
      if (at < FALLERS[0] || at >= FALLERS[1]) return [];
      if (this.#falls.some((each) => each?.at === at)) return [];
      const low = this.#bars[at]?.low.subarray(Math.max(0, from - FLOOR_HOURS), from) ?? [];
      const bottom = Math.log(Math.min(...low) / scale) - BELOW_FLOOR;
      return [{ at, bottom, way: logPrice - bottom }];
    });
    return ways.toSorted((one, other) => one.way - other.way)[0];
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

const SPARE_HOURS = 7 * 24;

/** The same bars, with room for `hours` and some more where they have none. */
function withRoom(bars: HourBars | undefined, hours: number): HourBars {
  if (bars !== undefined && hours <= bars.open.length) return bars;
  const grown = (old: Float64Array | undefined): Float64Array => {
    const made = new Float64Array(hours + SPARE_HOURS);
    if (old !== undefined) made.set(old);
    return made;
  };
  return {
    open: grown(bars?.open),
    high: grown(bars?.high),
    low: grown(bars?.low),
    close: grown(bars?.close),
    quoteVolume: grown(bars?.quoteVolume),
    sigma: grown(bars?.sigma),
  };
}

function step(one: Walker, bars: HourBars, { from, market, fall }: Stretch): void {
  market.forEach((hour, after) => {
    const at = from + after;
    const part = fall && (fall.bottom - one.logPrice) / (fall.end - at);
    stepHour(one, bars, { at, hour, part });
  });
}

/** The `at`th hour. `part`: its log return where it belongs to a fall. */
function stepHour(
  one: Walker,
  bars: HourBars,
  hour: { readonly at: number; readonly hour: MarketHour; readonly part: number | undefined },
): void {
  const { random } = one;
  const { at, hour: market, part } = hour;
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
  const ret = part ?? walked;
  const sigma = hypotenuse(own, one.beta * MARKET_SIGMA * market.wild);
  const { scale } = one;
  const from = one.logPrice;
  const to = Math.max(from + ret, Math.log(SMALLEST_TICKS / scale));
  const open = one.lastTicks;
  const close = Math.max(SMALLEST_TICKS, Math.round(Math.exp(to) * scale));
  const high = Math.round(Math.exp(bridgeExtreme(from, to, { sigma, random, sign: 1 })) * scale);
  const low = Math.round(Math.exp(bridgeExtreme(from, to, { sigma, random, sign: -1 })) * scale);
  bars.open[at] = open;
  bars.high[at] = Math.max(high, open, close);
  bars.low[at] = Math.max(1, Math.min(low, open, close));
  bars.close[at] = close;
  bars.sigma[at] = sigma;
  const liveliness = 0.6 + (0.5 * Math.abs(ret)) / sigma + 0.4 * wild;
  bars.quoteVolume[at] =
    (one.seed.dayVolume / 24) * liveliness * Math.exp(0.35 * gaussian(random)) * 0.85;
  one.logPrice = to;
  one.lastTicks = close;
}

/** Math.hypot of two values above 0, several times as fast. */
function hypotenuse(a: number, b: number): number {
  const longer = Math.max(a, b);
  return Math.sqrt((a / longer) * (a / longer) + (b / longer) * (b / longer)) * longer;
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
