/** A share with its 95 % Wilson interval. All between 0 and 1; without observations the interval is 0 to 1 and the rate NaN. */
export interface Proportion {
  readonly hits: number;
  readonly n: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % of the normal distribution. */
export const Z = 1.959_963_984_540_054;

/** @see Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212. */
export function wilson(hits: number, n: number): Proportion {
  if (n === 0) return { hits, n, rate: NaN, low: 0, high: 1 };
  const rate = hits / n;
  const spread = (Z * Z) / n;
  const centre = rate + spread / 2;
  const reach = Z * Math.sqrt((rate * (1 - rate)) / n + spread / (4 * n));
  const low = hits === 0 ? 0 : (centre - reach) / (1 + spread);
  const high = hits === n ? 1 : (centre + reach) / (1 + spread);
  return { hits, n, rate, low, high };
}

/** A mean with its 95 % interval; NaN bounds below two values or two clusters. */
export interface MeanInterval {
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A value and the cluster whose values move together. */
export interface Clustered {
  readonly value: number;
  readonly cluster: number;
}

/**
 * Mean with a cluster-robust interval: values of one cluster count as moving together, so that a hundred coins falling in one hour
 * are not a hundred witnesses. With every value in a cluster of its own it is the usual interval of the mean.
 * @see Cameron and Miller (2015), Journal of Human Resources 50, 317-372, with the G / (G - 1) correction.
 */
export function meanInterval(values: readonly Clustered[]): MeanInterval {
  const n = values.length;
  const mean = meanOf(values.map(({ value }) => value));
  const sums = new Map<number, number>();
  for (const { value, cluster } of values) {
    sums.set(cluster, (sums.get(cluster) ?? 0) + value - mean);
  }
  const clusters = sums.size;
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  const error = clusters < 2 ? NaN : Math.sqrt((squares * clusters) / (clusters - 1)) / n;
  return { n, mean, low: mean - Z * error, high: mean + Z * error };
}

/** NaN without values. */
export function meanOf(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation; NaN below two values. */
export function deviationOf(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / (values.length - 1));
}

/** The value below which `share` (0 to 1) of the sorted values lie, by linear interpolation; NaN without values. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return NaN;
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}
