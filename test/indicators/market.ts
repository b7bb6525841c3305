import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';

const FIRST_HOUR = 1_700_006_400_000;

/** Small seeded generator (mulberry32), so that a failure can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface MarketShape {
  readonly seed?: number;
  readonly count: number;
  readonly price?: number;
  /** Mean change per candle, as a fraction. */
  readonly drift?: number;
  /** Size of the random part, as a fraction. */
  readonly noise?: number;
  readonly start?: number;
  /** Mean base coins traded in a candle. */
  readonly volume?: number;
}

/** A random walk of hourly candles. Invented here: it proves arithmetic, not profit. */
export function walk(shape: MarketShape): Candle[] {
  const { seed = 1, count, price = 100, drift = 0, noise = 0.01, start = FIRST_HOUR } = shape;
  const { volume: usual = 10_000 } = shape;
  const random = seededRandom(seed);
  const candles: Candle[] = [];
  let close = price;
  for (let index = 0; index < count; index += 1) {
    const open = close;
    close = open * (1 + drift + noise * (random() - 0.5) * 2);
    const high = Math.max(open, close) * (1 + noise * random());
    const low = Math.min(open, close) * (1 - noise * random());
    const volume = usual * (0.5 + random());
    candles.push({ openTime: start + index * HOUR, open, high, low, close, volume });
  }
  return candles;
}

/** Prices rounded to steps of `tick`, so that many candles close where the one before did. */
export const onTicks = (candles: readonly Candle[], tick: number): Candle[] =>
  candles.map((each) => {
    const round = (value: number): number => Math.max(1, Math.round(value / tick)) * tick;
    const [open, high, low, close] = [each.open, each.high, each.low, each.close].map(round);
    return { ...each, open: open ?? NaN, high: high ?? NaN, low: low ?? NaN, close: close ?? NaN };
  });

/** One market after the other, hour by hour. */
export const joined = (...markets: readonly (readonly Candle[])[]): Candle[] =>
  markets.flat().map((each, index) => ({ ...each, openTime: FIRST_HOUR + index * HOUR }));

/** Candles that do not move at all. */
export const flat = (count: number, price: number): Candle[] =>
  Array.from({ length: count }, (_, index) => ({
    openTime: FIRST_HOUR + index * HOUR,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 10,
  }));

/** The element at `index`, counted from the end when negative. Throws when there is none. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new RangeError(`nothing at ${index} of ${list.length}`);
  return found;
}
