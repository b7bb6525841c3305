import { BollingerBands } from 'trading-signals';
import { deviationColumn, emptyColumn, meanColumn } from './column.ts';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/** In price units. In a flat market all three lie within some 1e-15 of the price: rounding, not width. */
export interface BandsValue {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/** Bollinger Bands of the close: simple mean, plus and minus `deviations` population standard deviations. */
export function createBollingerBands(period = 20, deviations = 2): Indicator<BandsValue> {
  const bands = new BollingerBands(checkedPeriod(period), deviations);
  return createIndicator({
    warmUp: period,
    apply: (candle, replace) => bands.update(candle.close, replace),
    read: () => bands.getResult(),
  });
}

/** `createBollingerBands` over a whole column of closes. */
export function bollingerColumns(
  close: Float64Array,
  period = 20,
  deviations = 2,
): { readonly [band in keyof BandsValue]: Float64Array } {
  const middle = meanColumn(close, checkedPeriod(period));
  const lower = emptyColumn(close.length);
  // Holds the deviation until its row is worked out: one column less to allocate.
  const upper = deviationColumn(close, middle, period);
  for (let row = period - 1; row < close.length; row += 1) {
    const reach = (upper[row] ?? NaN) * deviations;
    lower[row] = (middle[row] ?? NaN) - reach;
    upper[row] = (middle[row] ?? NaN) + reach;
  }
  return { lower, middle, upper };
}
