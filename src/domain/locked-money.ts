import type { Account } from './account.ts';
import { add, max, mulDiv, sub, sumUsd, usd, usdText, ZERO_USD, type Usd } from './money.ts';
import type { Order } from './order.ts';
import type { Position } from './position.ts';

/** The exchange prints a position's margin with the decimals of its contract's price: this much of each is rounding. */
const ROUNDING = usd('0.5');
/** Margin may follow the entry or the mark price: a tenth of difference says nothing. */
const SLACK_PARTS = 10n;

/**
 * Margin in use that no listed position accounts for: above 0 a position is missing from the list. Without any listed position all
 * of it is unseen, to the last digit; with some, rounding and a tenth of it count as nothing.
 */
export function unseenMargin(
  { margin }: Pick<Account, 'margin'>,
  positions: readonly Position[],
): Usd {
  if (positions.length === 0) return max(margin, ZERO_USD);
  const missing = sub(margin, sumUsd(positions.map((each) => each.margin)));
  return missing > slackOf(margin, positions) ? missing : ZERO_USD;
}

/** Money that entry orders lock although none is listed. */
export const unseenFrozen = ({ frozen }: Pick<Account, 'frozen'>, orders: readonly Order[]): Usd =>
  orders.some((each) => !each.reduceOnly) ? ZERO_USD : max(frozen, ZERO_USD);

/**
 * Why account and positions of one reading cannot both be true, as a sentence; undefined where they fit. One of them is old or
 * incomplete then, and the reading is no evidence for anything.
 */
export function contradictionOf({
  account,
  positions,
}: {
  readonly account: Account;
  readonly positions: readonly Position[];
}): string | undefined {
  const unseen = unseenMargin(account, positions);
  if (unseen <= 0n) return undefined;
  return `${usdText(unseen)} of margin are in use for a position that the exchange does not list`;
}

const slackOf = (margin: Usd, positions: readonly Position[]): Usd =>
  add(
    (ROUNDING * BigInt(positions.length)) as Usd,
    mulDiv(margin, 1n, { c: SLACK_PARTS, rounding: 'down' }) as Usd,
  );
