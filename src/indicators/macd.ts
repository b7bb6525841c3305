import { EMA, MACD } from 'trading-signals';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/** All three in price units; `histogram` is `macd` - `signal`. */
export interface MacdValue {
  readonly macd: number;
  readonly signal: number;
  readonly histogram: number;
}

/** Moving average convergence divergence. There is a value once the signal line has its own warm-up behind it: 34 for 12/26/9. */
export function createMacd(short = 12, long = 26, signal = 9): Indicator<MacdValue> {
  if (checkedPeriod(short) >= checkedPeriod(long)) {
    throw new RangeError(`the short period ${short} must be below the long period ${long}`);
  }
  const macd = new MACD(new EMA(short), new EMA(long), new EMA(checkedPeriod(signal)));
  return createIndicator({
    warmUp: long + signal - 1,
    apply: (candle, replace) => macd.update(candle.close, replace),
    read: () => macd.getResult(),
  });
}
