import { MIN_COMMON_RETURNS, type Returns } from './correlation.ts';

/** Move of a coin for a move of the market of 1. */
export interface Beta {
  readonly value: number;
  /** Common periods it was measured on. */
  readonly n: number;
}

/** Least squares slope of the coin's returns on the market's over their common times. Undefined when too few or the market stands still. */
export function betaOf(
  coin: Returns,
  market: Returns,
  least = MIN_COMMON_RETURNS,
): Beta | undefined {
  const pairs: [number, number][] = [];
  for (const [at, x] of market) {
    const y = coin.get(at);
    if (y !== undefined && Number.isFinite(x) && Number.isFinite(y)) pairs.push([x, y]);
  }
  const n = pairs.length;
  if (n < least || n < 2) return undefined;
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / n;
  const xx = pairs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const xy = pairs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return xx === 0 ? undefined : { value: xy / xx, n };
}
