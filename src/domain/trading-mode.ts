import type { Timestamp } from './time.ts';

/**
 * `normal`: entries are possible after approval. `reduceOnly`: no new entries. `halted`: no new entries, entry orders are
 * cancelled. In every mode cancelling and reduce-only closing stay possible.
 */
export const TRADING_MODES = ['normal', 'reduceOnly', 'halted'] as const;
export type TradingMode = (typeof TRADING_MODES)[number];

/** Why the mode is what it is. `trigger` is the stable code of a stop condition such as "daily-loss" or "owner". */
export interface ModeReason {
  readonly trigger: string;
  /** Plain sentence with the figures that led to it. */
  readonly evidence: string;
  readonly at: Timestamp;
}

/** What tells one reason from another: the same condition given again later is another one. */
export type SeenReason = Pick<ModeReason, 'trigger' | 'at'>;

export interface ModeState {
  readonly mode: TradingMode;
  /** Every reason since the mode was last normal, oldest first. Empty in `normal`. */
  readonly reasons: readonly ModeReason[];
  readonly since: Timestamp;
  /** Entries are refused until then even after a person lifts the mode (cool-off). */
  readonly coolOffUntil?: Timestamp;
}

export type ModeEvent =
  | {
      readonly kind: 'tighten';
      readonly to: 'reduceOnly' | 'halted';
      readonly reason: ModeReason;
      readonly coolOffUntil?: Timestamp;
    }
  | {
      readonly kind: 'resume';
      readonly at: Timestamp;
      readonly by: number;
      /** The reasons that the person was shown and lifts. */
      readonly judged: readonly SeenReason[];
    };

const RANK: Record<TradingMode, number> = { normal: 0, reduceOnly: 1, halted: 2 };

export const isTighter = (a: TradingMode, b: TradingMode): boolean => RANK[a] > RANK[b];

/**
 * The next state. Tightening always succeeds and never loosens; the same condition is listed once, as it was given last. Only a
 * person's `resume` goes back to normal, and not past a reason that came meanwhile; a cool-off that is still running stays.
 */
export function transitionMode(state: ModeState, event: ModeEvent): ModeState {
  if (event.kind === 'resume') {
    if (cameMeanwhile(state, event.judged).length > 0) return state;
    const waits = state.coolOffUntil !== undefined && state.coolOffUntil > event.at;
    return {
      mode: 'normal',
      reasons: [],
      since: event.at,
      ...(waits ? { coolOffUntil: state.coolOffUntil } : {}),
    };
  }
  const mode = isTighter(event.to, state.mode) ? event.to : state.mode;
  const isGivenAgain = (each: ModeReason): boolean => each.trigger === event.reason.trigger;
  const until = Math.max(state.coolOffUntil ?? 0, event.coolOffUntil ?? 0);
  return {
    mode,
    reasons: state.reasons.some(isGivenAgain)
      ? state.reasons.map((each) => (isGivenAgain(each) ? event.reason : each))
      : [...state.reasons, event.reason],
    since: mode === state.mode ? state.since : event.reason.at,
    ...(until > 0 ? { coolOffUntil: until } : {}),
  };
}

/** The reasons of the mode that are not among those that were judged. */
export const cameMeanwhile = (
  state: ModeState,
  judged: readonly SeenReason[],
): readonly ModeReason[] =>
  state.reasons.filter(
    ({ trigger, at }) => !judged.some((each) => each.trigger === trigger && each.at === at),
  );
