import type { Candle } from '../../src/domain/candle.ts';

/** Textbook formulas as plain loops over the whole history, written without the library. Undefined before the warm-up. */
type Column<V = number> = (V | undefined)[];

export function mean(values: readonly number[], period: number): Column {
  return values.map((_, index) => {
    if (index + 1 < period) return undefined;
    let sum = 0;
    for (let back = 0; back < period; back += 1) sum += values[index - back] ?? NaN;
    return sum / period;
  });
}

export function exponential(values: readonly number[], period: number): Column {
  const weight = 2 / (period + 1);
  let last: number | undefined;
  return values.map((value, index) => {
    last = last === undefined ? value : value * weight + last * (1 - weight);
    return index + 1 < period ? undefined : last;
  });
}

/** Wilder: seed is the mean of the first `period` values, then one period-th of the difference is added. */
export function wilder(values: readonly number[], period: number): Column {
  let last: number | undefined;
  return values.map((value, index) => {
    if (index + 1 < period) return undefined;
    if (last === undefined) {
      let sum = 0;
      for (let each = 0; each < period; each += 1) sum += values[each] ?? NaN;
      last = sum / period;
    } else {
      last = (last * (period - 1) + value) / period;
    }
    return last;
  });
}

/** Column of a series that starts `by` candles late, put back in step with the candles. */
function late<V>(column: Column<V>, by: number): Column<V> {
  return [...Array.from({ length: by }, () => undefined), ...column];
}

function pairs<V>(candles: readonly Candle[], of: (now: Candle, before: Candle) => V): V[] {
  const values: V[] = [];
  candles.forEach((now, index) => {
    const before = candles[index - 1];
    if (before !== undefined) values.push(of(now, before));
  });
  return values;
}

const range = (now: Candle, before: Candle): number =>
  Math.max(now.high, before.close) - Math.min(now.low, before.close);

export const atr = (candles: readonly Candle[], period: number): Column =>
  late(wilder(pairs(candles, range), period), 1);

export function rsi(candles: readonly Candle[], period: number): Column {
  const gains = pairs(candles, (now, before) => Math.max(0, now.close - before.close));
  const losses = pairs(candles, (now, before) => Math.max(0, before.close - now.close));
  const up = wilder(gains, period);
  const down = wilder(losses, period);
  const column = up.map((gain, index) => {
    const loss = down[index];
    if (gain === undefined || loss === undefined) return undefined;
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  });
  return late(column, 1);
}

export function bands(
  candles: readonly Candle[],
  period: number,
): Column<{ lower: number; middle: number; upper: number }> {
  return candles.map((_, index) => {
    if (index + 1 < period) return undefined;
    const closes = candles.slice(index + 1 - period, index + 1).map((each) => each.close);
    let sum = 0;
    for (const close of closes) sum += close;
    const middle = sum / period;
    let squares = 0;
    for (const close of closes) squares += (close - middle) * (close - middle);
    const reach = 2 * Math.sqrt(squares / period);
    return { lower: middle - reach, middle, upper: middle + reach };
  });
}

export function macd(
  closes: readonly number[],
): Column<{ macd: number; signal: number; histogram: number }> {
  const short = exponential(closes, 12);
  const long = exponential(closes, 26);
  const line: number[] = [];
  closes.forEach((_, index) => {
    const slow = long[index];
    if (slow !== undefined) line.push((short[index] ?? NaN) - slow);
  });
  const signal = exponential(line, 9);
  const column = line.map((value, index) => {
    const smooth = signal[index];
    if (smooth === undefined) return undefined;
    return { macd: value, signal: smooth, histogram: value - smooth };
  });
  return late(column, 25);
}

export function adx(candles: readonly Candle[], period: number): Column {
  const ranges = wilder(pairs(candles, range), period);
  const up = wilder(
    pairs(candles, (now, before) => {
      const [rise, fall] = [now.high - before.high, before.low - now.low];
      return rise > fall && rise > 0 ? rise : 0;
    }),
    period,
  );
  const down = wilder(
    pairs(candles, (now, before) => {
      const [rise, fall] = [now.high - before.high, before.low - now.low];
      return fall > rise && fall > 0 ? fall : 0;
    }),
    period,
  );
  const index: number[] = [];
  ranges.forEach((size, each) => {
    if (size === undefined) return;
    const plus = (up[each] ?? NaN) / size;
    const minus = (down[each] ?? NaN) / size;
    index.push(plus + minus === 0 ? 0 : (100 * Math.abs(plus - minus)) / (plus + minus));
  });
  return late(wilder(index, period), period);
}
