/**
 * The averages that indicators are made of, over a whole history at once. A column holds one number per candle, oldest first, and
 * NaN where there is no value yet. Each sum is taken in the order in which trading-signals takes it, so that a column and the
 * streaming form agree to the last bit.
 */

/** A column of that length without any value. */
export const emptyColumn = (length: number): Float64Array => new Float64Array(length).fill(NaN);

/** Each value and so much more, such as the close times of candles. */
export function shiftedColumn(values: Float64Array, by: number): Float64Array {
  const shifted = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 1) shifted[row] = (values[row] ?? NaN) + by;
  return shifted;
}

/** Simple mean of the newest `period` values, summed oldest first. The values begin in row `start`. */
export function meanColumn(values: Float64Array, period: number, start = 0): Float64Array {
  const { length } = values;
  const means = emptyColumn(length);
  let row = start + period - 1;
  // Four rows at a time: an addition waits for the one before it in the same sum, four sums do not wait for each other. Their
  // windows lie one value apart, so that each value is read once and handed from sum to sum.
  for (; row + 3 < length; row += 4) {
    let a = values[row - period + 1] ?? NaN;
    let b = values[row - period + 2] ?? NaN;
    let c = values[row - period + 3] ?? NaN;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    for (let newest = row - period + 4; newest <= row + 3; newest += 1) {
      const d = values[newest] ?? NaN;
      sumA += a;
      sumB += b;
      sumC += c;
      sumD += d;
      a = b;
      b = c;
      c = d;
    }
    means[row] = sumA / period;
    means[row + 1] = sumB / period;
    means[row + 2] = sumC / period;
    means[row + 3] = sumD / period;
  }
  for (; row < length; row += 1) {
    let sum = 0;
    for (let each = row - period + 1; each <= row; each += 1) sum += values[each] ?? NaN;
    means[row] = sum / period;
  }
  return means;
}

/** Wilder's average: the mean of the first `period` values, then a period-th of the way to each new one. Values begin in `start`. */
export function wilderColumn(values: Float64Array, period: number, start = 0): Float64Array {
  const { length } = values;
  const averages = emptyColumn(length);
  const seedRow = start + period - 1;
  if (seedRow >= length) return averages;
  let sum = 0;
  for (let row = start; row <= seedRow; row += 1) sum += values[row] ?? NaN;
  let average = sum / period;
  averages[seedRow] = average;
  const share = 1 / period;
  for (let row = seedRow + 1; row < length; row += 1) {
    average = ((values[row] ?? NaN) - average) * share + average;
    averages[row] = average;
  }
  return averages;
}

/** Exponential average, seeded with the first value; the first `period` - 1 averages count as not stable yet. Values begin in `start`. */
export function exponentialColumn(values: Float64Array, period: number, start = 0): Float64Array {
  const { length } = values;
  const averages = emptyColumn(length);
  const weight = 2 / (period + 1);
  const stable = start + period - 1;
  let average = values[start] ?? NaN;
  for (let row = start; row < length; row += 1) {
    average = (values[row] ?? NaN) * weight + average * (1 - weight);
    if (row >= stable) averages[row] = average;
  }
  return averages;
}

/** Population standard deviation around `means`, the column of `meanColumn` for the same values and period. Four rows at a time, too. */
export function deviationColumn(
  values: Float64Array,
  means: Float64Array,
  period: number,
): Float64Array {
  const { length } = values;
  const deviations = emptyColumn(length);
  let row = period - 1;
  for (; row + 3 < length; row += 4) {
    const meanA = means[row] ?? NaN;
    const meanB = means[row + 1] ?? NaN;
    const meanC = means[row + 2] ?? NaN;
    const meanD = means[row + 3] ?? NaN;
    let a = values[row - period + 1] ?? NaN;
    let b = values[row - period + 2] ?? NaN;
    let c = values[row - period + 3] ?? NaN;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    for (let newest = row - period + 4; newest <= row + 3; newest += 1) {
      const d = values[newest] ?? NaN;
      sumA += (a - meanA) * (a - meanA);
      sumB += (b - meanB) * (b - meanB);
      sumC += (c - meanC) * (c - meanC);
      sumD += (d - meanD) * (d - meanD);
      a = b;
      b = c;
      c = d;
    }
    deviations[row] = Math.sqrt(sumA / period);
    deviations[row + 1] = Math.sqrt(sumB / period);
    deviations[row + 2] = Math.sqrt(sumC / period);
    deviations[row + 3] = Math.sqrt(sumD / period);
  }
  for (; row < length; row += 1) {
    const mean = means[row] ?? NaN;
    let sum = 0;
    for (let each = row - period + 1; each <= row; each += 1) {
      const away = (values[each] ?? NaN) - mean;
      sum += away * away;
    }
    deviations[row] = Math.sqrt(sum / period);
  }
  return deviations;
}
