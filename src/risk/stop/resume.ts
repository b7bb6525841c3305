import type { Timestamp } from '../../domain/time.ts';
import type { RiskLimits } from '../terms/limits.ts';
import type { RiskState } from '../state/risk-state.ts';
import type { StopCondition } from './stop-conditions.ts';

/** What stands against going back to `normal`: a limit that is still broken would halt again at the next read. */
export interface Standing {
  readonly conditions: readonly StopCondition[];
  /** A pause after losses that is still running. */
  readonly coolOffUntil?: Timestamp;
  /** The drawdown limit alone stands: it goes only if the owner sets the high-water mark to today's equity. */
  readonly needsRebase: boolean;
}

/** Judged on readings of this moment. A loss streak stands until its pause is over; after that it is for the owner to go on. */
export function standingAgainst(
  readings: readonly StopCondition[],
  state: RiskState,
  now: Timestamp,
): Standing {
  const pausedUntil = state.coolOffUntil ?? 0;
  const rested = pausedUntil <= now;
  const conditions = readings.filter(
    (each) => each.tripped && !(rested && each.id === 'loss-streak'),
  );
  return {
    conditions,
    ...(rested ? {} : { coolOffUntil: pausedUntil }),
    needsRebase: conditions.length > 0 && conditions.every((each) => each.id === 'drawdown'),
  };
}

/** The state with which trading goes on: a loss streak whose pause is over begins anew. */
export const afterResume = (state: RiskState, limits: RiskLimits): RiskState =>
  state.lossStreak < limits.lossStreak ? state : { ...state, lossStreak: 0, losers: [] };
