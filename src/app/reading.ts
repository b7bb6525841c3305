import { formatDuration, type Timestamp } from '../domain/time.ts';

/** A figure with its honesty: read just now, older than it should be, or not to be had. An error is never a number. */
export type Reading<T> =
  | { readonly kind: 'live'; readonly value: T; readonly at: Timestamp }
  | { readonly kind: 'stale'; readonly value: T; readonly at: Timestamp; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** "as of now", "3 min old (the exchange does not answer)" or "unavailable (…)". */
export function describeReading(reading: Reading<unknown>, now: Timestamp): string {
  if (reading.kind === 'unavailable') return `unavailable (${reading.reason})`;
  if (reading.kind === 'live') return 'live';
  return `${formatDuration(now - reading.at)} old (${reading.reason})`;
}

/** Why something failed, in words for the chat: the message of an Error, without a stack. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'an unknown error';
