import { rules } from '../explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import { SECOND, type Timestamp } from '../../domain/time.ts';

/** From here on the owner is told that the clock is off; the exchange's header tells it to about half a second. */
const OFF_MS = 5 * SECOND;
/** Under this it is right again. */
const RIGHT_MS = 3 * SECOND;

/** Since when this machine's clock is off, with what the owner is told: once that it is, and once that it is right again. */
export function watchClock(look: {
  /** What the last look said; undefined: the clock was right. */
  readonly since: Timestamp | undefined;
  /** Exchange minus machine in milliseconds. */
  readonly offsetMs: number;
  readonly now: Timestamp;
}): { readonly since: Timestamp | undefined; readonly findings: readonly Finding[] } {
  const { since, offsetMs, now } = look;
  const off = Math.abs(offsetMs);
  if (since === undefined) {
    return off > OFF_MS
      ? { since: now, findings: [rules.clockOff(offsetMs, now)] }
      : { since, findings: [] };
  }
  return off < RIGHT_MS
    ? { since: undefined, findings: [rules.clockRight(since, now)] }
    : { since, findings: [] };
}
