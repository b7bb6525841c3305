/** A share with its 95 % Wilson interval. All between 0 and 1; without observations the interval is 0 to 1 and the rate NaN. */
export interface Proportion {
  readonly hits: number;
  readonly n: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959_963_984_540_054;

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

/** A mean with the 95 % interval of the normal approximation; NaN bounds below two values. */
export interface MeanInterval {
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export function meanInterval(values: readonly number[]): MeanInterval {
  const n = values.length;
  const mean = meanOf(values);
  const reach = n < 2 ? NaN : (Z * deviationOf(values)) / Math.sqrt(n);
  return { n, mean, low: mean - reach, high: mean + reach };
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
