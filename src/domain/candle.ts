import { DAY, HOUR, MINUTE, type Timestamp } from './time.ts';

/** Candle lengths that Vigil works with, in the exchange's spelling. */
export const INTERVALS = [
  '1m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
] as const;
export type Interval = (typeof INTERVALS)[number];

const LENGTH_MS: Record<Interval, number> = {
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
};

/** Length of the interval in milliseconds. */
export const intervalMs = (interval: Interval): number => LENGTH_MS[interval];

/**
 * One candle. Prices are numbers, because candles feed indicators and charts only; an order's price is rounded to the tick
 * again (`priceFromNumber`). `volume` is in the base coin.
 */
export interface Candle {
  readonly openTime: Timestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Candles as columns: the fast form for runs over hundreds of thousands of rows. `time` is the open, ascending. */
export interface CandleColumns {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Open time of the newest candle that is closed at `now`. */
export const lastClosedOpenTime = (interval: Interval, now: Timestamp): Timestamp =>
  Math.floor(now / intervalMs(interval)) * intervalMs(interval) - intervalMs(interval);
