import { equityOf, isBackedByOtherCoins, type Account } from '../../domain/account.ts';
import type { Finding } from '../../domain/alert.ts';
import { usdText } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Other coins stand behind the account, which Vigil cannot count: its limits in percent of equity mean nothing then. */
export function otherCoins(
  before: Account | undefined,
  account: Account,
  now: Timestamp,
): Finding | undefined {
  if (!isBackedByOtherCoins(account)) return undefined;
  if (before !== undefined && isBackedByOtherCoins(before)) return undefined;
  return {
    key: `other-coins:${now}`,
    kind: 'notice',
    severity: 'warning',
    title: `Coins other than ${account.marginCoin} stand behind this account`,
    lines: [
      `In ${account.marginCoin} its equity is ${usdText(equityOf(account))}, and yet positions or orders are open.`,
      `The exchange tells Vigil of ${account.marginCoin} only: equity, losses and limits are not right for an account in multi-asset mode, and no entry passes.`,
      `Single-asset mode, with enough ${account.marginCoin} in the futures account, is what Vigil can guard.`,
    ],
    at: now,
  };
}
