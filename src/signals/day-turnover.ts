import type { Candle, CandleColumns, Interval } from '../domain/candle.ts';
import { intervalMs } from '../domain/candle.ts';
import { DAY, type Timestamp } from '../domain/time.ts';
import { emptyColumn } from '../indicators/column.ts';

/** Candles of that length in 24 h. */
const rowsOf = (interval: Interval): number => DAY / intervalMs(interval);

/**
 * Quote currency traded in the 24 h to the close of the newest candle: the sum of close times volume, oldest first. A candle that is
 * missing in them counts as nothing traded.
 */
export interface DayTurnover {
  push(candle: Candle): void;
  /** Another version of the candle pushed last. */
  replace(candle: Candle): void;
  /** Undefined before as many candles as 24 h hold. */
  value(): number | undefined;
}

export function createDayTurnover(interval: Interval): DayTurnover {
  const size = rowsOf(interval);
  const times: Timestamp[] = [];
  const traded: number[] = [];
  return {
    push({ openTime, close, volume }) {
      times.push(openTime);
      traded.push(close * volume);
      if (times.length <= size) return;
      times.shift();
      traded.shift();
    },
    replace({ openTime, close, volume }) {
      times[times.length - 1] = openTime;
      traded[traded.length - 1] = close * volume;
    },
    value() {
      if (times.length < size) return undefined;
      const before = (times[size - 1] ?? NaN) - DAY;
      let sum = 0;
      for (let each = 0; each < size; each += 1) {
        if ((times[each] ?? NaN) > before) sum += traded[each] ?? NaN;
      }
      return sum;
    },
  };
}

/** `createDayTurnover` over whole columns, to the last bit. */
export function dayTurnoverColumn(
  { time, close, volume, length }: CandleColumns,
  interval: Interval,
): Float64Array {
  const size = rowsOf(interval);
  const turnover = emptyColumn(length);
  for (let row = size - 1; row < length; row += 1) {
    const before = (time[row] ?? NaN) - DAY;
    let each = row - size + 1;
    while ((time[each] ?? NaN) <= before) each += 1;
    let sum = 0;
    for (; each <= row; each += 1) sum += (close[each] ?? NaN) * (volume[each] ?? NaN);
    turnover[row] = sum;
  }
  return turnover;
}
