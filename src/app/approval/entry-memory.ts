import { StoreUnreadable } from '../../domain/failure.ts';
import type { Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { InFlightEntry } from '../../risk/gate/gate-facts.ts';
import type { GateInput } from '../../risk/gate/gate-input.ts';
import { type RiskLimits, LIMIT_IDS } from '../../risk/terms/limits.ts';
import { limitsOf, NO_ENTRIES } from '../limits/limits-in-force.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { proposalsInFlight } from './read-in-flight.ts';
import { tighten } from '../halt/tighten.ts';

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

/** Why an entry that was judged by these limits is not sent by what is remembered now; undefined: nothing speaks against it. Pure. */
export function whyStopped(
  { inFlight, limits, state, mode }: EntryMemory,
  judgedBy: RiskLimits,
): string | undefined {
  if (mode !== undefined && mode.mode !== 'normal') return 'Trading was halted a moment ago.';
  const known = ![inFlight, state, mode].includes(undefined) && limits !== NO_ENTRIES;
  if (!known) return 'What Vigil remembers was lost a moment ago.';
  const changed = LIMIT_IDS.some((each) => limits[each] !== judgedBy[each]);
  return changed ? 'A limit was changed a moment ago.' : undefined;
}

/**
 * Approved signals or changed limits that were stored and are gone or damaged: halts first, then repairs what can be repaired, so that a
 * crash in between leaves the halt.
 */
export async function repairEntryMemory(
  ports: Pick<Ports, 'clock' | 'limitsStore' | 'mode' | 'proposals' | 'work'>,
): Promise<void> {
  const [proposals, limits] = await Promise.all([
    isLost(proposalsInFlight(ports)),
    isLost(ports.limitsStore.read().then(limitsOf)),
  ]);
  const lost = [
    ...(proposals
      ? ['signals and approvals: look at the exchange for an order that is on its way']
      : []),
    ...(limits ? ['the limits that you have changed: look at /limits before you resume'] : []),
  ];
  if (lost.length === 0) return;
  const evidence = `Something that Vigil had stored was gone or damaged: ${lost.join('; ')}.`;
  const reason = { trigger: 'store-emptied', evidence, at: ports.clock.now() };
  await tighten(ports, { kind: 'tighten', to: 'halted', reason });
  if (proposals) await ports.proposals.repair();
  if (limits) await ports.limitsStore.repair();
}

/** A store that does not answer is another matter than one that holds nonsense. */
const isLost = (reading: Promise<unknown>): Promise<boolean> =>
  reading.then(
    () => false,
    (error: unknown) => {
      if (error instanceof StoreUnreadable) return true;
      throw error;
    },
  );

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
