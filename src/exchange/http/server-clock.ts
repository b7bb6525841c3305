import type { Clock } from '../../app/ports/clock.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';

/** The exchange's clock as far as it can be known: it has no time endpoint, only the `Date` header with whole seconds. */
export interface ServerClock {
  /** Time on the exchange's clock. */
  now(): Timestamp;
  /** Exchange minus local time in milliseconds; 0 while both agree as far as the header can tell. */
  offsetMs(): number;
  /** Takes a response into account; `sentAt` and `receivedAt` are local clock times. */
  observe(dateHeader: string | undefined, sentAt: Timestamp, receivedAt: Timestamp): void;
  /** Forgets what was measured; the next response decides alone. */
  reset(): void;
}

/** A second of the header and one for the way. */
const TELLS_MS = 2_000;

const middleOf = (low: number, high: number): number =>
  low <= 0 && high >= 0 ? 0 : Math.round((low + high) / 2);

/**
 * Each response bounds the offset from both sides: the header's second began before the answer arrived and ended after the request
 * left. The bounds of successive responses are intersected; when they exclude each other, a clock has moved and the newest counts. Of
 * bounds as near to each other as the header can tell the middle counts, 0 where they hold it. Between wider ones the offset moves no
 * further than they force it to: an answer that took seconds, and says only that it lies between minus ten seconds and minus five
 * milliseconds, means a clock that was set by five milliseconds.
 *
 * In a demo the venue's time runs faster than the wall's and the header says nothing: there the given clock is the venue's own, also
 * while it is slowed down to the wall's speed.
 */
export function createServerClock(clock: Clock): ServerClock {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let offset = 0;
  let isVenues = clock.speed !== 1;

  return {
    now: () => clock.now() + offset,
    offsetMs: () => offset,
    observe(dateHeader, sentAt, receivedAt) {
      isVenues ||= clock.speed !== 1;
      if (isVenues || dateHeader === undefined) return;
      const second = Date.parse(dateHeader);
      if (Number.isNaN(second)) return;
      const from = second - receivedAt;
      const to = second + 1_000 - sentAt;
      // A day off is no drift: it is a test, or a machine whose clock a person has to set.
      if (Math.abs(from) > DAY) return;
      const contradicts = from > high || to < low;
      low = contradicts ? from : Math.max(low, from);
      high = contradicts ? to : Math.min(high, to);
      offset = high - low <= TELLS_MS ? middleOf(low, high) : Math.min(Math.max(offset, low), high);
    },
    reset() {
      low = Number.NEGATIVE_INFINITY;
      high = Number.POSITIVE_INFINITY;
    },
  };
}
