import type { Account } from '../account.ts';
import {
  add,
  divideBy,
  max,
  mulDiv,
  notionalOf,
  sub,
  sumUsd,
  usd,
  usdText,
  ZERO_USD,
  type Usd,
} from './money.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';

/** The exchange prints a position's margin with the decimals of its contract's price: this much of each is rounding. */
const ROUNDING = usd('0.5');
/** What is known of a position's margin is good to a tenth. */
const SLACK_PARTS = 10n;
/** What is left behind by roundings: no position is that small (the exchange's smallest trade at 125x locks four times as much). */
const DUST = usd('0.01');

/**
 * Margin in use that no listed position accounts for: above 0 a position is missing from the list. Without any listed position all of
 * it is unseen, unless it is dust; with some, rounding and a tenth of it count as nothing, and whether the exchange reckons their margin
 * at entry or at the price of now: a price that runs away does not make a position vanish.
 */
export function unseenMargin(
  { margin }: Pick<Account, 'margin'>,
  positions: readonly Position[],
): Usd {
  const missing = sub(margin, sumUsd(positions.map(mostLocked)));
  const nothing = positions.length === 0 ? DUST : slackOf(margin, positions);
  return missing > nothing ? missing : ZERO_USD;
}

/** The most that a position can lock: as listed, or its value at entry or at the price of now divided by its leverage. */
function mostLocked({ side, qty, entryPrice, leverage, margin, unrealisedPnl }: Position): Usd {
  const atEntry = notionalOf(entryPrice, qty, 'up');
  const now = side === 'long' ? add(atEntry, unrealisedPnl) : sub(atEntry, unrealisedPnl);
  return max(margin, divideBy(max(atEntry, now), Math.max(1, Math.floor(leverage)), 'up'));
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
  return `${usdText(unseen)} of margin is in use for a position that the exchange does not list`;
}

const slackOf = (margin: Usd, positions: readonly Position[]): Usd =>
  add(
    (ROUNDING * BigInt(positions.length)) as Usd,
    mulDiv(margin, 1n, { c: SLACK_PARTS, rounding: 'down' }) as Usd,
  );
