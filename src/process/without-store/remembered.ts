/** What this process knows of the store's content when the store goes away. */
import type { AccountSnapshot } from '../../app/ports/account-store.ts';
import type { LimitsRecord } from '../../domain/limits-record.ts';
import type { OwnAction } from '../../domain/own-action.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { MINUTE } from '../../domain/time.ts';
import type { ModeState } from '../../domain/trading-mode.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';
import type { FlattenPolicy } from '../../risk/stop/flatten-policy.ts';
import type { Store } from '../../store/store.ts';

export interface Remembered {
  mode?: ModeState | undefined;
  snapshot?: AccountSnapshot | undefined;
  riskState?: RiskState | undefined;
  policy?: FlattenPolicy | undefined;
  limits?: LimitsRecord;
  proposals: readonly Proposal[];
  actions: readonly OwnAction[];
}

/** Among so many of Vigil's own trades is looked when it is asked who did something. */
const OWN_TRADES = 100;
const ACTIONS_MS = 10 * MINUTE;

/** Reads it all anew after each account read, one read at a time. What cannot be read stays as it was. */
export function rememberStore(store: Store, now: () => number): Remembered {
  const known: Remembered = { proposals: [], actions: [] };
  const note = async <Name extends keyof Remembered>(
    name: Name,
    read: () => Promise<Remembered[Name]>,
  ): Promise<void> => {
    try {
      known[name] = await read();
    } catch {
      // Known as it was.
    }
  };
  let under = false;
  const refresh = async (): Promise<void> => {
    if (under) return;
    under = true;
    await Promise.all([
      note('mode', store.mode.read),
      note('snapshot', store.accounts.snapshot),
      note('riskState', store.accounts.riskState),
      note('policy', store.policies.read),
      note('limits', () => store.limits.read()),
      note('proposals', () => store.proposals.recent(OWN_TRADES)),
      note('actions', () => store.actions.since(now() - ACTIONS_MS)),
    ]);
    under = false;
  };
  store.accounts.onCommit(() => void refresh());
  void refresh();
  return known;
}
