/**
 * The averages that indicators are made of, over a whole history at once. A column holds one number per candle, oldest first, and
 * NaN where there is no value yet. Each sum is taken in the order in which trading-signals takes it, so that a column and the
 * streaming form agree to the last bit.
 */

/** A column of that length without any value. */
export const emptyColumn = (length: number): Float64Array => new Float64Array(length).fill(NaN);

/** Simple mean of the newest `period` values, summed oldest first. The values begin in row `start`. */
export function meanColumn(values: Float64Array, period: number, start = 0): Float64Array {
  const { length } = values;
  const means = emptyColumn(length);
  let row = start + period - 1;
  // Four rows at a time: an addition waits for the one before it in the same sum, four sums do not wait for each other.
  for (; row + 3 < length; row += 4) {
    let first = 0;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let each = row - period + 1; each <= row; each += 1) {
      first += values[each] ?? NaN;
      second += values[each + 1] ?? NaN;
      third += values[each + 2] ?? NaN;
      fourth += values[each + 3] ?? NaN;
    }
    means[row] = first / period;
    means[row + 1] = second / period;
    means[row + 2] = third / period;
    means[row + 3] = fourth / period;
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

/** Population standard deviation around `means`, the column of `meanColumn` for the same values and period. */
export function deviationColumn(
  values: Float64Array,
  means: Float64Array,
  period: number,
): Float64Array {
  const { length } = values;
  const deviations = emptyColumn(length);
  let row = period - 1;
  for (; row + 3 < length; row += 4) {
    const firstMean = means[row] ?? NaN;
    const secondMean = means[row + 1] ?? NaN;
    const thirdMean = means[row + 2] ?? NaN;
    const fourthMean = means[row + 3] ?? NaN;
    let first = 0;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let each = row - period + 1; each <= row; each += 1) {
      first += square((values[each] ?? NaN) - firstMean);
      second += square((values[each + 1] ?? NaN) - secondMean);
      third += square((values[each + 2] ?? NaN) - thirdMean);
      fourth += square((values[each + 3] ?? NaN) - fourthMean);
    }
    deviations[row] = Math.sqrt(first / period);
    deviations[row + 1] = Math.sqrt(second / period);
    deviations[row + 2] = Math.sqrt(third / period);
    deviations[row + 3] = Math.sqrt(fourth / period);
  }
  for (; row < length; row += 1) {
    const mean = means[row] ?? NaN;
    let sum = 0;
    for (let each = row - period + 1; each <= row; each += 1) {
      sum += square((values[each] ?? NaN) - mean);
    }
    deviations[row] = Math.sqrt(sum / period);
  }
  return deviations;
}

const square = (value: number): number => value * value;
