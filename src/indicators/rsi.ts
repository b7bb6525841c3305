import { RSI } from 'trading-signals';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/**
 * Relative strength index of the close with Wilder smoothing, 0 to 100. Scale free: only rises give 100 and only falls 0 at any
 * price level. A market that has not moved at all is 50, where trading-signals says 100.
 */
export function createRsi(period = 14): Indicator {
  const rsi = new RSI(checkedPeriod(period));
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
