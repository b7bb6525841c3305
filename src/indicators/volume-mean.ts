import { SMA } from 'trading-signals';
import { meanColumn } from './column.ts';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/** Simple mean of the volume, in base coins. The newest candle is part of it. */
export function createVolumeMean(period = 20): Indicator {
  const sma = new SMA(checkedPeriod(period));
  return createIndicator({
    warmUp: period,
    apply: (candle, replace) => sma.update(candle.volume, replace),
    read: () => sma.getResult(),
  });
}

/** `createVolumeMean` over a whole column of volumes. */
export const volumeMeanColumn = (volume: Float64Array, period = 20): Float64Array =>
  meanColumn(volume, checkedPeriod(period));
