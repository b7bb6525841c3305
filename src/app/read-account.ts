import type { AccountSnapshot, Ports } from './ports.ts';
import { reasonOf, type Reading } from './reading.ts';

/**
 * The account as the exchange says it now; where it does not answer, the last stored read with its age; else unavailable.
 * All four parts come from one moment, so that the figures fit each other.
 */
export async function readAccount(ports: Ports): Promise<Reading<AccountSnapshot>> {
  try {
    const value = await fetchSnapshot(ports);
    return { kind: 'live', value, at: value.at };
  } catch (error) {
    return staleOrNothing(ports, reasonOf(error));
  }
}

/** One fresh read of account, positions, stops and orders. Rejects with ExchangeFailure. */
export async function fetchSnapshot(
  ports: Pick<Ports, 'account' | 'clock'>,
): Promise<AccountSnapshot> {
  const [account, positions, protections, openOrders] = await Promise.all([
    ports.account.account(),
    ports.account.positions(),
    ports.account.protections(),
    ports.account.openOrders(),
  ]);
  return { account, positions, protections, openOrders, at: ports.clock.now() };
}

async function staleOrNothing(ports: Ports, reason: string): Promise<Reading<AccountSnapshot>> {
  try {
    const stored = await ports.accounts.snapshot();
    if (stored === undefined) return { kind: 'unavailable', reason };
    return { kind: 'stale', value: stored, at: stored.at, reason };
  } catch (error) {
    return { kind: 'unavailable', reason: `${reason}; ${reasonOf(error)}` };
  }
}
