import { meanInterval } from '../figures/statistics.ts';
import { weekStart } from '../../domain/time.ts';
import { signedText } from '../../domain/words/words.ts';
import type { SideResult } from './side-record.ts';

/** So many live signals judge a strategy. */
export const ENOUGH_LIVE = 50;

/**
 * Why a strategy is withdrawn by what it did live, in a sentence with figures: 50 signals or more whose whole 95 % interval (by week)
 * lies below 0, or a fall of its results beyond the deepest recorded one. `results` in the order in which they ended; `recordedR`: the
 * deepest recorded fall in R, undefined where none is recorded. Undefined: it stays.
 */
export function whyWithdrawn(
  results: readonly SideResult[],
  recordedR: number | undefined,
): string | undefined {
  const { n, mean, low, high } = meanInterval(
    results.map(({ r, entryTime }) => ({ value: r, cluster: weekStart(entryTime) })),
  );
  if (n >= ENOUGH_LIVE && high < 0) {
    return `Its ${n} live signals lost ${signedText(mean, 2)} times the risk each (95 % interval ${signedText(low, 2)} to ${signedText(high, 2)}, wholly below 0).`;
  }
  const fall = deepestFall(results);
  if (recordedR === undefined || fall <= recordedR) return undefined;
  return `Its live results fell by ${fall.toFixed(1)} times the risk; the deepest fall on record is ${recordedR.toFixed(1)}.`;
}

function deepestFall(results: readonly SideResult[]): number {
  let sum = 0;
  let peak = 0;
  let depth = 0;
  for (const { r } of results) {
    sum += r;
    peak = Math.max(peak, sum);
    depth = Math.max(depth, peak - sum);
  }
  return depth;
}
