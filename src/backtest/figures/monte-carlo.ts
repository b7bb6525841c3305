import type { Random } from '../study/baselines.ts';
import { quantile } from './statistics.ts';

export interface MonteCarlo {
  readonly runs: number;
  /** Deepest fall in R below the running peak, over the shuffled orders: median, 95th percentile, worst. */
  readonly medianDrawdownR: number;
  readonly drawdown95R: number;
  readonly worstDrawdownR: number;
  /** The same for the order in which the trades happened. */
  readonly actualDrawdownR: number;
}

/**
 * Shuffles the order of the results: the sum stays, the path does not. Says how much of the drawdown was luck with the order.
 * `results` in R.
 */
export function shuffledDrawdowns(
  results: readonly number[],
  random: Random,
  runs = 1_000,
): MonteCarlo {
  const depths: number[] = [];
  const order = Float64Array.from(results);
  for (let run = 0; run < runs; run += 1) {
    for (let place = order.length - 1; place > 0; place -= 1) {
      const other = Math.floor(random() * (place + 1));
      const kept = order[place] ?? NaN;
      order[place] = order[other] ?? NaN;
      order[other] = kept;
    }
    depths.push(deepest(order));
  }
  depths.sort((one, other) => one - other);
  return {
    runs,
    medianDrawdownR: quantile(depths, 0.5),
    drawdown95R: quantile(depths, 0.95),
    worstDrawdownR: depths.at(-1) ?? NaN,
    actualDrawdownR: deepest(Float64Array.from(results)),
  };
}

function deepest(results: Float64Array): number {
  let sum = 0;
  let peak = 0;
  let depth = 0;
  for (let place = 0; place < results.length; place += 1) {
    sum += results[place] ?? NaN;
    if (sum > peak) peak = sum;
    else if (peak - sum > depth) depth = peak - sum;
  }
  return depth;
}
