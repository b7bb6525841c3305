import { SMA } from 'trading-signals';
import { meanColumn } from './column.ts';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/** Simple moving average of the close, in price units. */
export function createSma(period: number): Indicator {
  const sma = new SMA(checkedPeriod(period));
  return createIndicator({
    warmUp: period,
    apply: (candle, replace) => sma.update(candle.close, replace),
    read: () => sma.getResult(),
  });
}

/** `createSma` over a whole column of closes. */
export const smaColumn = (close: Float64Array, period: number): Float64Array =>
  meanColumn(close, checkedPeriod(period));
