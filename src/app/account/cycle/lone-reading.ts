import { rules } from '../../../alerts/explain/with-basis.ts';
import { equityOf } from '../../../domain/account.ts';
import type { Finding } from '../../../domain/alert.ts';
import type { ModeState } from '../../../domain/trading-mode.ts';
import { LOSS_STOPS } from '../../../risk/limits/all.ts';
import type { StopCondition } from '../../../risk/stop/stop-conditions.ts';
import type { AccountSnapshot } from '../../ports/account-store.ts';

/** Conditions that hang on the equity of one reading. */
const BY_EQUITY = new Set(LOSS_STOPS.filter(({ byEquity }) => byEquity).map(({ id }) => id));

/**
 * What is told where the reading before halted by its equity and this one trips none of that: it may have been false. Nothing is
 * lifted and no baseline moves by it.
 */
export function unconfirmedHalt(
  before: AccountSnapshot | undefined,
  { mode, reasons }: ModeState,
  now: { readonly snapshot: AccountSnapshot; readonly readings: readonly StopCondition[] },
): readonly Finding[] {
  if (before === undefined || mode !== 'halted') return [];
  const halted = reasons
    .filter(({ trigger, at }) => at === before.at && BY_EQUITY.has(trigger))
    .map(({ trigger }) => now.readings.find(({ id }) => id === trigger));
  const calm = halted.filter((each) => each !== undefined);
  if (calm.length === 0 || calm.some(({ tripped }) => tripped)) return [];
  const { account, at } = now.snapshot;
  const halting = { at: before.at, equity: equityOf(before.account) };
  const limits = calm.map(({ label }) => label);
  return [rules.loneReading({ ...halting, limits }, { at, equity: equityOf(account) })];
}
