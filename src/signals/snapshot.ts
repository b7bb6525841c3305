import type { Timestamp } from '../domain/time.ts';

/**
 * Everything the strategy looks at on one closed 1 h candle. All or nothing: while a single indicator warms up, there is no
 * snapshot. Prices and ATR in price units, volumes in base coins, RSI and ADX 0 to 100.
 */
export interface Snapshot {
  readonly closedAt: Timestamp;
  readonly close: number;
  readonly volume: number;
  readonly volumeMean: number;
  readonly sma20: number;
  readonly sma50: number;
  readonly upperBand: number;
  readonly lowerBand: number;
  readonly rsi: number;
  readonly macd: number;
  readonly macdSignal: number;
  readonly adx: number;
  readonly atr: number;
  readonly atrMean: number;
  /** Close of the newest closed 4 h candle, and the SMA 20 of the 4 h closes. */
  readonly close4h: number;
  readonly sma4h: number;
}

/** Where price stands in the band: 0 at the lower, 1 at the upper. NaN in a band without width: compares as not met. */
export const bandPosition = (view: Snapshot): number =>
  (view.close - view.lowerBand) / (view.upperBand - view.lowerBand);

/** Quote currency traded in an hour, mean of the last 20: the mean volume at the price of now. */
export const turnoverOf = ({ volumeMean, close }: Snapshot): number => volumeMean * close;
