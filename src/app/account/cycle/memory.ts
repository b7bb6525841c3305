import { StoreUnreadable } from '../../../domain/failure.ts';
import type { Timestamp } from '../../../domain/time.ts';
import type { ModeState } from '../../../domain/trading-mode.ts';
import type { RiskState } from '../../../risk/state/risk-state.ts';
import type { AccountSnapshot } from '../../ports/account-store.ts';
import type { Ports } from '../../ports/ports.ts';

/** What was stored of this account; what is damaged counts as gone, because the exchange can tell it anew. */
export interface CycleMemory {
  readonly before: AccountSnapshot | undefined;
  readonly state: RiskState | undefined;
  readonly damaged: boolean;
}

/** Rejects where the store does not answer. */
export async function readMemory({ accounts }: Pick<Ports, 'accounts'>): Promise<CycleMemory> {
  let damaged = false;
  const orGone = (error: unknown): undefined => {
    unlessUnreadable(error);
    damaged = true;
  };
  const [before, state] = await Promise.all([
    accounts.snapshot().catch(orGone),
    accounts.riskState().catch(orGone),
  ]);
  return { before, state, damaged };
}

/** A store that does not answer is another matter than one that holds nonsense. */
export function unlessUnreadable(error: unknown): undefined {
  if (!(error instanceof StoreUnreadable)) throw error;
}

/** Undefined: nothing; a first start has nothing to lose. */
export function whatIsLost(
  { before, state, damaged }: CycleMemory,
  mode: ModeState | undefined,
): string | undefined {
  if (mode === undefined) return 'What Vigil had stored is gone.';
  if (damaged) return 'What Vigil had stored about the account is damaged.';
  if (state === undefined && before !== undefined)
    return 'What Vigil had stored about the day and your losses is gone.';
  return before === undefined && state !== undefined
    ? 'The account that Vigil had read last is gone, and with it what it knew of deposits and stops.'
    : undefined;
}

/** What the start has already said of a store that was empty. */
export const bootedWithout = (
  { state }: CycleMemory,
  mode: ModeState | undefined,
): string | undefined =>
  state === undefined
    ? mode?.reasons.find(({ trigger }) => trigger === 'memory-lost')?.evidence
    : undefined;

/** The store was emptied under a running Vigil: entries were refused from that moment on, and now the owner hears of it. */
export const riskStateLost = (evidence: string, at: Timestamp) =>
  ({ kind: 'tighten', to: 'halted', reason: { trigger: 'store-emptied', evidence, at } }) as const;
