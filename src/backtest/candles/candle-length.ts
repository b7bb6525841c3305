import { INTERVALS, intervalMs, type Interval } from '../../domain/candle.ts';
import { formatDuration } from '../../domain/time.ts';
import type { CandleColumns } from './candle-columns.ts';

/** The commonest distance of neighbouring rows, in milliseconds; undefined below two rows. */
export function stepOf({ time, length }: CandleColumns): number | undefined {
  const steps = new Float64Array(Math.max(0, length - 1));
  for (let row = 1; row < length; row += 1)
    steps[row - 1] = (time[row] ?? NaN) - (time[row - 1] ?? NaN);
  return commonest(steps);
}

/** The value that occurs most often, of several the first; undefined of none. */
export function commonest(values: ArrayLike<number>): number | undefined {
  const counts = new Map<number, number>();
  let run = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    run += 1;
    if (value === values[index + 1]) continue;
    counts.set(value, (counts.get(value) ?? 0) + run);
    run = 0;
  }
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
  return most?.[0];
}

/** That distance as a candle length of the exchange; undefined when none has it. */
export const lengthOf = (columns: CandleColumns): Interval | undefined =>
  intervalOf(stepOf(columns) ?? NaN);

const intervalOf = (ms: number): Interval | undefined =>
  INTERVALS.find((each) => intervalMs(each) === ms);

/** "1h", or "7 min" where the exchange has no candles of that length. */
export const lengthText = (ms: number): string => intervalOf(ms) ?? formatDuration(ms);
