import { deviationOf, meanOf } from './statistics.ts';

/** Euler-Mascheroni. */
const GAMMA = 0.577_215_664_901_532_9;

/**
 * The largest of `tried` independent standard normal draws, on average: the t that the best of so many worthless variants shows. 0 for
 * one that was not chosen among others.
 * @see Bailey and López de Prado (2014), Journal of Portfolio Management 40(5), 94-107.
 */
export function luckyT(tried: number): number {
  if (tried <= 1) return 0;
  return (
    (1 - GAMMA) * normalQuantile(1 - 1 / tried) + GAMMA * normalQuantile(1 - 1 / (tried * Math.E))
  );
}

/**
 * Chance that the true Sharpe ratio of equal periods lies above the best that so many worthless variants would show, with the
 * skewness and kurtosis of the results. The spread of worthless ratios is taken as 1 ÷ root of the periods. NaN below three periods.
 * @see Bailey and López de Prado (2014), as above.
 */
export function deflatedSharpe(results: readonly number[], tried: number): number {
  const n = results.length;
  const deviation = deviationOf(results);
  if (n < 3 || !(deviation > 0)) return NaN;
  const mean = meanOf(results);
  // Moments over the population, as the formula has them.
  const spread = deviation * Math.sqrt((n - 1) / n);
  const skewness = meanOf(results.map((each) => ((each - mean) / spread) ** 3));
  const kurtosis = meanOf(results.map((each) => ((each - mean) / spread) ** 4));
  const sharpe = mean / deviation;
  const lucky = luckyT(tried) / Math.sqrt(n);
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  return normalShare(((sharpe - lucky) * Math.sqrt(n - 1)) / Math.sqrt(variance));
}

/**
 * Share of the standard normal below a value.
 * @see Abramowitz and Stegun (1964), 7.1.26: right to 1.5e-7.
 */
export function normalShare(value: number): number {
  const x = Math.abs(value) / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const series =
    t *
    (0.254_829_592 +
      t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  const error = 1 - series * Math.exp(-x * x);
  return value >= 0 ? (1 + error) / 2 : (1 - error) / 2;
}

/** The value below which that share (between 0 and 1) of the standard normal lies, to 1e-6: by halving, it is asked twice a run. */
export function normalQuantile(share: number): number {
  let low = -9;
  let high = 9;
  while (high - low > 1e-7) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
