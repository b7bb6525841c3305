import { addUnprotected } from '../../alerts/watch/unprotected-day.ts';
import { carryExcursions } from '../../risk/terms/excursion.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';

/** What is known only by looking again and again: excursions of open positions, and the day's time without a full stop. */
export function watchedSoFar(
  before: AccountSnapshot | undefined,
  { positions, at }: AccountSnapshot,
): Required<Pick<AccountSnapshot, 'excursions' | 'unprotectedDay'>> {
  return {
    excursions: carryExcursions(before?.excursions, positions, at),
    unprotectedDay: addUnprotected(before?.unprotectedDay, {
      wasUnprotected: (before?.unprotectedSince?.size ?? 0) > 0,
      lastAt: before?.at ?? at,
      now: at,
    }),
  };
}
