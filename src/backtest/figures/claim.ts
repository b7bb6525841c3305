import { MIN_TRADES } from './metrics.ts';
import { countText, signedText } from '../../domain/words/words.ts';
import type { MeanInterval } from './statistics.ts';

const r = (value: number): string => `${signedText(value, 3)} R`;

/**
 * What may be said of a result, in plain words. Few trades come first; an edge is claimed only when the whole interval lies above
 * both 0 and what random entries earned.
 */
export function claimOf(result: MeanInterval, random?: MeanInterval): string {
  if (result.n < MIN_TRADES) {
    return `Only ${countText(result.n, 'trade')}: too few for any claim (${MIN_TRADES} are needed).`;
  }
  const figures = `${r(result.mean)} a trade after costs, 95 % interval ${r(result.low)} to ${r(result.high)}, n = ${result.n}`;
  const beside =
    random === undefined ? '' : ` Random entries with the same exits: ${r(random.mean)}.`;
  if (Number.isNaN(result.low))
    return `All ${countText(result.n, 'trade')} began on one day: no claim is possible.`;
  if (result.high < 0) return `No edge: it loses money. ${figures}.${beside}`;
  if (result.low <= 0) return `No edge shown: the interval includes 0. ${figures}.${beside}`;
  if (random !== undefined && result.low <= random.mean) {
    return `No edge shown over random entries. ${figures}.${beside}`;
  }
  return `Positive in this data, which is no guarantee. ${figures}.${beside}`;
}
