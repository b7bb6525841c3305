import {
  add,
  neg,
  notionalOf,
  sub,
  sumUsd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../domain/money.ts';
import type { Fill } from '../domain/order.ts';
import type { Book } from './risk-state.ts';

/** The quantity of a fill, below 0 where it sold. */
export const signedQty = ({ side, qty }: Fill): Qty => (side === 'buy' ? qty : neg(qty));

/** What a fill did to the money: bought for, or sold for, less its fee. */
export const cashOf = (fill: Fill): Usd =>
  sub(neg(notionalOf(fill.price, signedQty(fill), 'half-even')), fill.fee);

/**
 * Equity worked out without the account and without the list of positions: the day's first equity, what the fills since then paid
 * and took, and what they left open at the given prices against what was open then. Funding is not in it. Undefined when a price
 * is missing.
 */
export function equityFromFills(
  book: Book,
  since: {
    readonly fills: readonly Fill[];
    readonly marks: ReadonlyMap<string, Price>;
    /** Deposits minus withdrawals since the book. */
    readonly cashFlow: Usd;
  },
): Usd | undefined {
  const fills = since.fills.filter((each) => each.at > book.at);
  const open = new Map(book.rows.map((each) => [each.symbol, each.qty]));
  for (const each of fills) {
    open.set(each.symbol, add(open.get(each.symbol) ?? (0n as Qty), signedQty(each)));
  }
  let value = ZERO_USD;
  for (const [symbol, qty] of open) {
    if (qty === 0n) continue;
    const mark = since.marks.get(symbol);
    if (mark === undefined) return undefined;
    value = add(value, notionalOf(mark, qty, 'half-even'));
  }
  const before = sumUsd(book.rows.map((each) => each.value));
  return sumUsd([book.equity, since.cashFlow, ...fills.map(cashOf), value, neg(before)]);
}
