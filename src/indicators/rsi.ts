import { RSI } from 'trading-signals';
import { emptyColumn } from './column.ts';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/**
 * Relative strength index of the close with Wilder smoothing, 0 to 100. Scale free: only rises give 100 and only falls 0 at any
 * price level. A market that has not moved at all is 50, where trading-signals says 100.
 */
export function createRsi(period = 14): Indicator {
  const rsi = new RSI(checkedPeriod(period, 2));
  let previous: number | undefined;
  let last: number | undefined;
  let movedBefore = false;
  let moved = false;
  return createIndicator({
    warmUp: period + 1,
    apply: ({ close }, replace) => {
      rsi.update(close, replace);
      if (!replace) {
        previous = last;
        movedBefore = moved;
      }
      moved = movedBefore || (previous !== undefined && close !== previous);
      last = close;
    },
    read: () => (moved ? rsi.getResult() : 50),
  });
}

/** `createRsi` over a whole column of closes. */
export function rsiColumn(close: Float64Array, period = 14): Float64Array {
  const strength = emptyColumn(close.length);
  const share = 1 / checkedPeriod(period, 2);
  let gain = 0;
  let loss = 0;
  for (let row = 1; row < close.length; row += 1) {
    const change = (close[row] ?? NaN) - (close[row - 1] ?? NaN);
    // Exact, and without a branch: no processor can guess which way a price went.
    const rise = (Math.abs(change) + change) / 2;
    const fall = rise - change;
    if (row > period) {
      gain = (rise - gain) * share + gain;
      loss = (fall - loss) * share + loss;
    } else {
      gain += rise;
      loss += fall;
      if (row < period) continue;
      gain /= period;
      loss /= period;
    }
    strength[row] = loss === 0 ? (gain === 0 ? 50 : 100) : 100 - 100 / (gain / loss + 1);
  }
  return strength;
}
