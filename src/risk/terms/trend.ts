import { HOUR, MINUTE, type Timestamp } from '../../domain/time.ts';
import { durationText } from './phrase.ts';

/** Equity as it was read at some moment. */
export interface EquityAt {
  readonly at: Timestamp;
  readonly equity: number;
}

/** How far back a trend looks, and how much of it is needed to speak of one. */
const OVER_MS = HOUR;
const LEAST_MS = 10 * MINUTE;

/**
 * The reading to compare with: the oldest of the last hour that is not from before `since`, when the measure itself changed (a new
 * day, a deposit). Undefined when none is at least 10 minutes old.
 */
export function trendBase(
  points: readonly EquityAt[],
  at: { readonly since: Timestamp; readonly now: Timestamp },
): EquityAt | undefined {
  const from = Math.max(at.now - OVER_MS, at.since);
  const base = points.find((each) => each.at >= from);
  return base !== undefined && at.now - base.at >= LEAST_MS ? base : undefined;
}

/** "It was 35 % 60 min ago; at this pace the limit is reached in about 40 min." `used` and `was` in percent of the limit. */
export function trendText(
  used: number,
  before: { readonly was: number; readonly agoMs: number } | undefined,
): string {
  if (before === undefined) return 'How fast it changes is not known yet.';
  const { was, agoMs } = before;
  const then = `It was ${was} % ${durationText(agoMs)} ago`;
  if (used <= was) return `${then}; it is not rising.`;
  const leftMs = (Math.max(0, 100 - used) / (used - was)) * agoMs;
  return `${then}; at this pace the limit is reached in about ${durationText(leftMs)}.`;
}
