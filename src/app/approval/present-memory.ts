import { walletOf } from '../../domain/account.ts';
import type { EntryMemory, StoredMemory } from './entry-memory.ts';
import {
  CLOSES_OVERLAP_MS,
  nextRiskState,
  type NextRiskState,
} from '../account/next-risk-state.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { LISTS_LAG_MS, unlistedPositions } from '../account/unlisted.ts';
import { advanceLedger } from '../account/wallet-ledger.ts';

/** The memory for one entry, by this reading of the account, with the trading mode of this moment. Never rejects. */
export async function presentMemory(
  ports: Pick<Ports, 'account' | 'clock' | 'mode'>,
  stored: StoredMemory,
  snapshot: AccountSnapshot | undefined,
): Promise<EntryMemory> {
  const memory = await byReading(ports, stored, snapshot);
  // Last, so that a halt which is stored while the rest is read still counts.
  const mode = await ports.mode.read().catch(() => undefined);
  return { ...memory, mode };
}

/**
 * The memory as the next account cycle would make it of this reading: what is stored is some seconds old, and money that came since
 * would look like a gain. Money that is in doubt, in the reading or by the last cycle, is said so, and the gate refuses. A position that
 * is only missing from the list still counts.
 */
async function byReading(
  ports: Pick<Ports, 'account' | 'clock'>,
  memory: StoredMemory,
  snapshot: AccountSnapshot | undefined,
): Promise<StoredMemory> {
  const { state, before, limits } = memory;
  if (state === undefined || before === undefined || snapshot === undefined) return memory;
  const doubted = before.ledger?.doubted !== undefined;
  // A cycle has read the account since: what it stored is what this reading would make, or newer. Two readings that overlap may
  // still answer in the other order: money that only this one shows is in none of the baselines.
  if (before.account.at >= snapshot.account.at) {
    const listed = new Set(snapshot.positions.map(({ id }) => id));
    const unlisted = before.positions.filter(({ id }) => !listed.has(id));
    return { ...memory, moneyInDoubt: doubted || showsMore(before, snapshot), unlisted };
  }
  const after = (closed: Parameters<typeof nextRiskState>[1]['closed']): NextRiskState =>
    nextRiskState(state, { before, snapshot, closed }, limits);
  let next = after([]);
  const lagMs = LISTS_LAG_MS * ports.clock.speed;
  let unlisted = unlistedPositions(before, snapshot, { closed: [], lagMs });
  // Money that came and a loss that was closed may hide each other, so any change of the wallet asks what was closed.
  const moved = walletOf(before.account) !== walletOf(snapshot.account);
  if (moved || next.ledger.doubted !== undefined || unlisted.length > 0) {
    const since = before.at - CLOSES_OVERLAP_MS;
    const closed = await ports.account.closedPositions(since).catch(() => undefined);
    if (closed === undefined) return { ...memory, moneyInDoubt: true };
    next = after(closed);
    unlisted = unlistedPositions(before, snapshot, { closed, lagMs });
  }
  return {
    ...memory,
    // A reading for one decision ends no row of failed ones.
    state: { ...next.state, failedReads: state.failedReads },
    moneyInDoubt: doubted || next.ledger.doubted !== undefined,
    unlisted,
  };
}

function showsMore({ ledger }: AccountSnapshot, { account, positions }: AccountSnapshot): boolean {
  const reading = { wallet: walletOf(account), bonus: account.bonus, positions, fresh: [] };
  const { base, doubted } = advanceLedger(ledger, reading).ledger;
  return doubted !== undefined && doubted > base;
}
