import type { AccountData, AccountSnapshot } from '../app/ports.ts';
import { reconcile, type Difference, type Known } from './reconcile.ts';

export interface AccountChanges {
  /** Everything at once, as far as five calls are at once. */
  snapshot(): Promise<AccountSnapshot>;
  /** Reads everything again and says what is different from `before`, most urgent first. */
  since(
    before: AccountSnapshot,
    known: Pick<Known, 'clientIds' | 'positionIds'>,
  ): Promise<{ readonly now: AccountSnapshot; readonly differences: readonly Difference[] }>;
}

/** Compares whole reads of the account. Rejects with ExchangeFailure when one of the calls fails. */
export function createAccountChanges(account: AccountData): AccountChanges {
  async function snapshot(): Promise<AccountSnapshot> {
    const [positions, protections, openOrders] = await Promise.all([
      account.positions(),
      account.protections(),
      account.openOrders(),
    ]);
    const own = await account.account();
    return { account: own, positions, protections, openOrders, at: own.at };
  }
  return {
    snapshot,
    async since(before, known) {
      const now = await snapshot();
      const closed = await account.closedPositions(before.at);
      return { now, differences: reconcile(before, now, { ...known, closed }) };
    },
  };
}
