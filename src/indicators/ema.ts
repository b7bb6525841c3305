import { EMA } from 'trading-signals';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/**
 * Exponential moving average of the close with weight 2 / (period + 1), seeded with the first close, in price units.
 * trading-signals answers from the first candle on, before the seed has faded; here there is no value until `period` candles.
 */
export function createEma(period: number): Indicator {
  const ema = new EMA(checkedPeriod(period));
  return createIndicator({
    warmUp: period,
    apply: (candle, replace) => ema.update(candle.close, replace),
    read: () => ema.getResult(),
  });
}
