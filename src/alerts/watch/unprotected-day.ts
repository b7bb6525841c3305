import { dayStart, type Timestamp } from '../../domain/time.ts';

/** How long positions were without a full stop on one UTC day. */
export interface UnprotectedDay {
  readonly day: Timestamp;
  /** Milliseconds during which at least one position was unprotected. */
  readonly ms: number;
}

/**
 * The day's figure after a look. The time since the last look counts when a position was unprotected then already: what began and
 * ended between two looks is not seen. A new day starts at zero and takes only its own part.
 */
export function addUnprotected(
  so: UnprotectedDay | undefined,
  look: { readonly wasUnprotected: boolean; readonly lastAt: Timestamp; readonly now: Timestamp },
): UnprotectedDay {
  const day = dayStart(look.now);
  const before = so?.day === day ? so.ms : 0;
  const passed = Math.max(0, look.now - Math.max(look.lastAt, day));
  return { day, ms: before + (look.wasUnprotected ? passed : 0) };
}
