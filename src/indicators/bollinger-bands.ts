import { BollingerBands } from 'trading-signals';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/** In price units. A flat market has `lower` = `middle` = `upper`. */
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
