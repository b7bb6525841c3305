import { SMA } from 'trading-signals';
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
