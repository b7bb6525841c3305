import type { Timestamp } from '../../domain/time.ts';
import type { EntryFacts } from '../gate/gate-facts.ts';
import type { Refusal } from '../terms/refusal.ts';

/**
 * One rule of the gate; `Needs` are the limits that it compares with. It judges with what it was given and says nothing about what is
 * missing: `inputs.ts` refuses that.
 */
export type LimitRule<Needs = unknown> = (
  context: EntryFacts & { readonly limits: Needs },
) => Refusal | undefined;

/** A time stamp this far in the future is a broken clock or a swapped field, not a fresh reading. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Age of a reading; infinite when it claims to come from the future. */
export const ageOf = (at: Timestamp, now: Timestamp): number =>
  at - now > CLOCK_TOLERANCE_MS ? Number.POSITIVE_INFINITY : Math.max(0, now - at);
