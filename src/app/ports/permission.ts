import type { ModeReason, ModeState } from '../../domain/trading-mode.ts';

/**
 * Leave to open or to loosen anything, from the process that holds the owner's halts: the one whose bot hears /halt. It is asked
 * for anew each time, so that an answer is never older than its question, whatever any clock says.
 */
export interface Permission {
  /**
   * Undefined: that process answered, less than `ANSWER_MS` after it was asked, that it holds no halt. Otherwise a plain sentence
   * why nothing may be opened. Never rejects.
   */
  refusal(): Promise<string | undefined>;
}

/** What became of the owner's halt in its first moments. It holds in either case. */
export type Held =
  | { readonly kind: 'stored'; readonly state: ModeState }
  | { readonly kind: 'not stored yet'; readonly reason: string };

/** The owner's halts as the process knows them that hears /halt. */
export interface Halts {
  /** Holds at once, before it is stored; storing is tried until it succeeds, and then told where the answer was "not yet". */
  hold(reason: ModeReason): Promise<Held>;
  /** Those that hold and are not stored yet, oldest first. */
  unstored(): readonly ModeReason[];
}

/** Wall time after which a question for permission counts as not answered. A permission is always younger than 5 s. */
export const ANSWER_MS = 2_000;

/** Nobody has answered in that time, or whoever did is not the one that hears the owner. */
export const UNHEARD =
  'Vigil cannot be sure right now that it hears your /halt, so it opens nothing.';

/** A halt that the owner has given and not lifted. */
export const HALTED = 'You have halted trading.';

/** The store takes no writes, so nothing that opens or loosens could be remembered. */
export const AWAY = "Vigil's memory (Redis) is away, so it opens and loosens nothing.";
