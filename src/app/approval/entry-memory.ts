import type { Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { InFlightEntry } from '../../risk/gate/gate-facts.ts';
import type { GateInput } from '../../risk/gate/gate-input.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import { NO_ENTRIES } from '../limits/limits-in-force.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { proposalsInFlight } from '../reading/read-in-flight.ts';

/** What an entry leans on that only the store knows. Undefined is gone or damaged, and refuses. */
export interface EntryMemory extends Pick<GateInput, 'state' | 'mode'> {
  readonly inFlight: readonly InFlightEntry[] | undefined;
  readonly limits: RiskLimits;
  /** The account as the last cycle read it. */
  readonly before?: AccountSnapshot | undefined;
  readonly moneyInDoubt?: boolean;
  /** Positions that the last cycle knew and the account lists no more, without having closed: they count as open. */
  readonly unlisted?: readonly Position[];
}

/** What was read of it, without the trading mode, which is read after all else. */
export type StoredMemory = Omit<EntryMemory, 'mode'>;

/** Read now. `exceptId`: the proposal that is being judged is not in its own way. Never rejects. */
export async function readEntryMemory(
  ports: Pick<Ports, 'limits' | 'refreshLimits' | 'limitsStore' | 'accounts' | 'proposals'>,
  exceptId: string | undefined,
): Promise<StoredMemory> {
  const [inFlight, limits, { state, before }] = await Promise.all([
    inFlightWithout(ports, exceptId).catch(() => undefined),
    limitsNow(ports).catch(() => NO_ENTRIES),
    readState(ports).catch(() => NOTHING),
  ]);
  return { inFlight, limits, state, before };
}

/** A tighter limit counts from its confirmation on, also where the news of it is still on its way. */
async function limitsNow(
  ports: Pick<Ports, 'limits' | 'refreshLimits' | 'limitsStore'>,
): Promise<RiskLimits> {
  await ports.limitsStore.read();
  await ports.refreshLimits();
  return ports.limits();
}

const inFlightWithout = async (
  ports: Pick<Ports, 'proposals'>,
  exceptId: string | undefined,
): Promise<readonly InFlightEntry[]> =>
  (await proposalsInFlight(ports)).filter(({ id }) => id !== exceptId).map(inFlightOf);

/**
 * The stored risk state with the failed reads since then, which are counted apart from it. It is stored together with the account
 * that was read; where that is gone, so is part of what it knew.
 */
async function readState(
  ports: Pick<Ports, 'accounts'>,
): Promise<Pick<EntryMemory, 'state' | 'before'>> {
  let [state, before, failedReads] = await readParts(ports);
  // Stored together, and a cycle has stored both anew between the two answers: the halves of two moments.
  if (state?.accountAt !== before?.account.at)
    [state, before, failedReads] = await readParts(ports);
  if (state === undefined || before === undefined || !Number.isInteger(failedReads)) return NOTHING;
  return { state: { ...state, failedReads: Math.max(state.failedReads, failedReads) }, before };
}

const readParts = ({ accounts }: Pick<Ports, 'accounts'>) =>
  Promise.all([accounts.riskState(), accounts.snapshot(), accounts.failedReads()]);

const NOTHING = { state: undefined, before: undefined };

const inFlightOf = ({ signal, plan }: Proposal): InFlightEntry => ({
  symbol: signal.symbol,
  side: signal.side,
  category: signal.category,
  entry: plan.entry,
  qty: plan.qty,
  risk: plan.risk,
  margin: plan.margin,
});
