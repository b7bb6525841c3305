import { ExchangeFailure } from '../../domain/failure.ts';
import { contradictionOf } from '../../domain/money/locked-money.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf, type Reading } from './reading.ts';

/**
 * The account as the exchange says it now; where it does not answer, the last stored read with its age; else unavailable.
 * All four parts come from one moment, so that the figures fit each other.
 */
export async function readAccount(
  ports: Pick<Ports, 'clock' | 'account' | 'accounts'>,
): Promise<Reading<AccountSnapshot>> {
  try {
    const value = await fetchSnapshot(ports);
    return { kind: 'live', value, at: value.at };
  } catch (error) {
    return staleOrNothing(ports, reasonOf(error));
  }
}

type Reader = Pick<Ports, 'account' | 'clock'>;

/** So many readings in a row that contradict themselves are none. */
const READINGS = 2;

/**
 * One fresh read of account, positions, stops and orders. Rejects with ExchangeFailure, also where account and positions contradict
 * each other: a list that lacks a position is no reading. Something that happens between the requests looks like that for a moment,
 * so they are asked once more before.
 */
export async function fetchSnapshot(ports: Reader): Promise<AccountSnapshot> {
  for (let left = READINGS - 1; ; left -= 1) {
    const snapshot = await readOnce(ports);
    const contradiction = contradictionOf(snapshot);
    if (contradiction === undefined) return snapshot;
    if (left === 0) throw new ExchangeFailure(contradiction, { kind: 'shape', retriable: true });
  }
}

async function readOnce(ports: Reader): Promise<AccountSnapshot> {
  const [account, positions, protections, openOrders] = await Promise.all([
    ports.account.account(),
    ports.account.positions(),
    ports.account.protections(),
    ports.account.openOrders(),
  ]);
  return { account, positions, protections, openOrders, at: ports.clock.now() };
}

async function staleOrNothing(
  ports: Pick<Ports, 'accounts'>,
  reason: string,
): Promise<Reading<AccountSnapshot>> {
  try {
    const stored = await ports.accounts.snapshot();
    if (stored === undefined) return { kind: 'unavailable', reason };
    return { kind: 'stale', value: stored, at: stored.at, reason };
  } catch (error) {
    return { kind: 'unavailable', reason: `${reason}; ${reasonOf(error)}` };
  }
}
