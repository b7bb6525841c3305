import type { View } from '../strategy.ts';

/**
 * Everything the strategy looks at on one closed 1 h candle. All or nothing: while a single indicator warms up, there is no
 * snapshot. Prices and ATR in price units, volumes in base coins, RSI and ADX 0 to 100.
 */
export interface Snapshot extends View {
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
  readonly atrMean: number;
  /** Close of the newest closed 4 h candle, and the SMA 20 of the 4 h closes. */
  readonly close4h: number;
  readonly sma4h: number;
}

/** Part of the price below which a difference is rounding: a mean of 50 equal prices is off by up to 1e-14, a tick is far more. */
const NOISE = 1e-12;

/** Whether one price, mean or difference of prices lies above another by more than rounding: in a flat market nothing does. */
export const isAbove = ({ close }: Snapshot, one: number, other: number): boolean =>
  one - other > NOISE * close;

/** Where price stands in the band: 0 at the lower, 1 at the upper. NaN in a band without width: compares as not met. */
export function bandPosition(view: Snapshot): number {
  const { close, lowerBand, upperBand } = view;
  return isAbove(view, upperBand, lowerBand) ? (close - lowerBand) / (upperBand - lowerBand) : NaN;
}
