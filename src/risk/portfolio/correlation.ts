import { DAY, HOUR, type Timestamp } from '../../domain/time.ts';
import type { Position, Side } from '../../domain/position.ts';
import type { RiskLimits } from '../terms/limits.ts';

/** Returns of one symbol by the close time of their candle, as fractions. */
export type Returns = ReadonlyMap<Timestamp, number>;

/** Correlations and value at risk look back over 7 days. */
const LOOK_BACK_MS = 7 * DAY;

/** Open time of the first 1 h candle whose close counts at `now`: one more than the returns that it gives. */
export const returnsSince = (now: Timestamp): Timestamp =>
  Math.floor(now / HOUR) * HOUR - LOOK_BACK_MS - HOUR;

/** Fewer common candles than three days of hours say nothing about how two coins move. */
export const MIN_COMMON_RETURNS = 72;

/** Pearson correlation over the common times, -1 to 1, with how many there were. Undefined when too few or one does not move. */
export function correlationOf(
  a: Returns,
  b: Returns,
  least = MIN_COMMON_RETURNS,
): { readonly value: number; readonly n: number } | undefined {
  const xs: number[] = [];
  const ys: number[] = [];
  let sumX = 0;
  let sumY = 0;
  for (const [at, x] of a) {
    const y = b.get(at);
    if (y === undefined || !Number.isFinite(x) || !Number.isFinite(y)) continue;
    xs.push(x);
    ys.push(y);
    sumX += x;
    sumY += y;
  }
  const n = xs.length;
  if (n < least || n < 2) return undefined;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let each = 0; each < n; each += 1) {
    const x = (xs[each] ?? NaN) - sumX / n;
    const y = (ys[each] ?? NaN) - sumY / n;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  if (xx === 0 || yy === 0) return undefined;
  const value = xy / Math.sqrt(xx * yy);
  return { value: Math.max(-1, Math.min(1, value)), n };
}

/** Simple returns between consecutive closes that are exactly `stepMs` apart; gaps give none. */
export function returnsOf(
  closes: readonly { readonly at: Timestamp; readonly close: number }[],
  stepMs: number,
): Returns {
  const returns = new Map<Timestamp, number>();
  for (let n = 1; n < closes.length; n += 1) {
    const before = closes[n - 1];
    const now = closes[n];
    if (before === undefined || now === undefined) continue;
    if (now.at - before.at === stepMs && before.close > 0)
      returns.set(now.at, now.close / before.close - 1);
  }
  return returns;
}

/** Whether two symbols count as moving together: unknown does. */
function together(
  pair: readonly [string, string],
  returns: ReadonlyMap<string, Returns>,
  threshold: number,
): boolean {
  const a = returns.get(pair[0]);
  const b = returns.get(pair[1]);
  if (a === undefined || b === undefined) return true;
  const found = correlationOf(a, b);
  return found === undefined || found.value >= threshold;
}

/**
 * Symbols grouped so that every two with a correlation at or above the threshold are in one group, directly or through others.
 * Groups and their members keep the order of the input.
 */
export function clustersOf(
  symbols: readonly string[],
  returns: ReadonlyMap<string, Returns>,
  threshold: number,
): readonly (readonly string[])[] {
  const left = [...new Set(symbols)];
  const clusters: string[][] = [];
  while (left.length > 0) {
    const cluster = left.splice(0, 1);
    for (let n = 0; n < cluster.length; n += 1) {
      const member = cluster[n];
      if (member === undefined) continue;
      const joined = left.filter((each) => together([member, each], returns, threshold));
      for (const each of joined) left.splice(left.indexOf(each), 1);
      cluster.push(...joined);
    }
    clusters.push(cluster.toSorted((a, b) => symbols.indexOf(a) - symbols.indexOf(b)));
  }
  return clusters;
}

/** How many open positions of the candidate's side are in its cluster. Unknown correlations count as together. */
export function correlatedSameSide(
  candidate: { readonly symbol: string; readonly side: Side },
  market: {
    readonly positions: readonly Position[];
    readonly returns: ReadonlyMap<string, Returns>;
  },
  limits: Pick<RiskLimits, 'correlationThreshold'>,
): number {
  const sameSide = market.positions.filter((each) => each.side === candidate.side);
  const symbols = [candidate.symbol, ...sameSide.map((each) => each.symbol)];
  const cluster = clustersOf(symbols, market.returns, limits.correlationThreshold).find((each) =>
    each.includes(candidate.symbol),
  );
  return sameSide.filter((each) => cluster?.includes(each.symbol)).length;
}
