import { DAY, dayStart, type Timestamp } from '../../domain/time.ts';
import type { Trade } from '../trade/trade.ts';

/** Equity, in quote currency, at a moment. */
export interface EquityPoint {
  readonly at: Timestamp;
  readonly equity: number;
}

export interface Drawdown {
  /** Fraction of the peak, 0 or more. */
  readonly depth: number;
  readonly peakAt: Timestamp;
  readonly troughAt: Timestamp;
  /** When the peak was reached again; undefined: not yet. */
  readonly recoveredAt: Timestamp | undefined;
}

/** Deepest fall from a peak so far. Undefined without points. */
export function maxDrawdown(points: readonly EquityPoint[]): Drawdown | undefined {
  let peak = points[0];
  let deepest: { depth: number; peak: EquityPoint; trough: EquityPoint } | undefined;
  for (const point of points) {
    if (peak === undefined || point.equity > peak.equity) peak = point;
    const depth = peak.equity > 0 ? (peak.equity - point.equity) / peak.equity : 0;
    if (deepest === undefined || depth > deepest.depth) deepest = { depth, peak, trough: point };
  }
  if (deepest === undefined) return undefined;
  const { depth, peak: top, trough } = deepest;
  const back = points.find((point) => point.at > trough.at && point.equity >= top.equity);
  return { depth, peakAt: top.at, troughAt: trough.at, recoveredAt: back?.at };
}

/** Equity from finished trades alone, for runs without an account: stepwise at each exit. */
export function realisedEquity(
  trades: readonly Trade[],
  start: EquityPoint,
  end: Timestamp,
): EquityPoint[] {
  const points: EquityPoint[] = [start];
  let { equity } = start;
  for (const trade of trades.toSorted((one, other) => one.exitTime - other.exitTime)) {
    equity += trade.pnl;
    points.push({ at: trade.exitTime, equity });
  }
  points.push({ at: Math.max(end, points.at(-1)?.at ?? end), equity });
  return points;
}

/** Equity at the end of each UTC day, the first point as the start of the first. The last day ends with the last point. */
export function dailyEquity(points: readonly EquityPoint[]): EquityPoint[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const days: EquityPoint[] = [first];
  let { equity } = first;
  let index = 0;
  for (let start = dayStart(first.at); start < last.at; start += DAY) {
    // What stands at midnight ends the day before.
    const end = start + DAY;
    for (let point = points[index]; point !== undefined && point.at <= end; point = points[index]) {
      equity = point.equity;
      index += 1;
    }
    days.push({ at: Math.min(end, last.at), equity });
  }
  return days;
}

/** Change per UTC day as a fraction of the equity the day before; days without a point carry the last one on. */
export function dailyReturns(points: readonly EquityPoint[]): number[] {
  const days = dailyEquity(points);
  return days.slice(1).flatMap(({ equity }, index) => {
    const before = days[index]?.equity ?? NaN;
    return before > 0 ? [equity / before - 1] : [];
  });
}
