import { EMA, MACD } from 'trading-signals';
import { emptyColumn, exponentialColumn } from './column.ts';
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

/** `createMacd` over a whole column of closes. */
export function macdColumns(
  close: Float64Array,
  { short, long, signal } = { short: 12, long: 26, signal: 9 },
): { readonly [line in keyof MacdValue]: Float64Array } {
  const fast = exponentialColumn(close, checkedPeriod(short));
  const slow = exponentialColumn(close, checkedPeriod(long));
  const line = emptyColumn(close.length);
  for (let row = long - 1; row < close.length; row += 1) {
    line[row] = (fast[row] ?? NaN) - (slow[row] ?? NaN);
  }
  const smoothed = exponentialColumn(line, checkedPeriod(signal), long - 1);
  const histogram = emptyColumn(close.length);
  const first = long + signal - 2;
  for (let row = first; row < close.length; row += 1) {
    histogram[row] = (line[row] ?? NaN) - (smoothed[row] ?? NaN);
  }
  line.fill(NaN, 0, first);
  return { macd: line, signal: smoothed, histogram };
}
