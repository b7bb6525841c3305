import { add, sumUsd, type Usd } from './money/money.ts';
import type { Timestamp } from './time.ts';

export type PositionMode = 'hedge' | 'one-way';

/**
 * The futures account at `at`, in plain meanings: what an exchange's own fields mean is decided by its mapper alone. All amounts in the
 * margin coin; available + frozen + margin is the wallet, without overlap.
 */
export interface Account {
  readonly marginCoin: string;
  /** Free balance without unrealised P&L; may be negative. */
  readonly available: Usd;
  /** Money that open orders lock: still the owner's, not free. 0 or more. */
  readonly frozen: Usd;
  /** Locked by positions. */
  readonly margin: Usd;
  readonly unrealisedPnl: Usd;
  /** What the exchange gave to trade with and nobody can withdraw; already inside `available`, never added again. 0 where there is none. */
  readonly bonus: Usd;
  /** `unknown`: the exchange used a word that nobody documented; nothing that depends on it is sent then. */
  readonly positionMode: PositionMode | 'unknown';
  readonly at: Timestamp;
}

/** Wallet balance = available + frozen + margin: what is there before open profit and loss. */
export const walletOf = (account: Account): Usd =>
  sumUsd([account.available, account.frozen, account.margin]);

/** Equity = wallet + unrealised P&L. The only definition of equity in Vigil. */
export const equityOf = (account: Account): Usd => add(walletOf(account), account.unrealisedPnl);

/**
 * Whether other coins must stand behind the account: positions or orders lock money although nothing is left in the margin coin. With
 * that coin alone they would be liquidated by then. The exchange's answer names no other coin, so what they are worth is not known.
 */
export const isBackedByOtherCoins = (account: Account): boolean =>
  add(account.margin, account.frozen) > 0n && equityOf(account) <= 0n;
