import type { Candle, CandleColumns, Interval } from '../domain/candle.ts';
import { intervalMs } from '../domain/candle.ts';
import { DAY } from '../domain/time.ts';
import { emptyColumn } from '../indicators/column.ts';

/** Candles of that length in 24 h. */
const rowsOf = (interval: Interval): number => DAY / intervalMs(interval);

/** Quote currency traded in the newest 24 h of candles, the newest among them: the sum of close times volume, oldest first. */
export interface DayTurnover {
  push(candle: Candle): void;
  /** Another version of the candle pushed last. */
  replace(candle: Candle): void;
  /** Undefined before 24 h of candles. */
  value(): number | undefined;
}

export function createDayTurnover(interval: Interval): DayTurnover {
  const size = rowsOf(interval);
  const traded: number[] = [];
  return {
    push({ close, volume }) {
      traded.push(close * volume);
      if (traded.length > size) traded.shift();
    },
    replace({ close, volume }) {
      traded[traded.length - 1] = close * volume;
    },
    value() {
      if (traded.length < size) return undefined;
      let sum = 0;
      for (const each of traded) sum += each;
      return sum;
    },
  };
}

/** `createDayTurnover` over whole columns, to the last bit. */
export function dayTurnoverColumn(
  { close, volume, length }: Pick<CandleColumns, 'close' | 'volume' | 'length'>,
  interval: Interval,
): Float64Array {
  const size = rowsOf(interval);
  const turnover = emptyColumn(length);
  for (let row = size - 1; row < length; row += 1) {
    let sum = 0;
    for (let each = row - size + 1; each <= row; each += 1) {
      sum += (close[each] ?? NaN) * (volume[each] ?? NaN);
    }
    turnover[row] = sum;
  }
  return turnover;
}
