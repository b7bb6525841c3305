import {
  neg,
  notionalOf,
  scaleBy,
  sumUsd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import type { FundingSettlement } from '../../domain/instrument.ts';
import type { Fill } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { cashOf, followFills, legsOf, netOf, NO_LEGS, type FillEffect } from './follow-fills.ts';
import type { Book } from './risk-state.ts';

/** What is known since a book was written. */
export interface SinceBook {
  /** Of all symbols, oldest first; what is older than the book is left out. */
  readonly fills: readonly Fill[];
  /** What is open now: the fills must lead to it, else they are no evidence. */
  readonly positions: readonly Position[];
  readonly marks: ReadonlyMap<string, Price>;
  /** Deposits minus withdrawals since the book. */
  readonly cashFlow: Usd;
  /** Settlements of funding by symbol, in any order. */
  readonly settlements?: ReadonlyMap<string, readonly FundingSettlement[]>;
}

/**
 * Equity worked out without the account's own figures: the book's equity, what the fills since then paid and took, what they left
 * open at the given prices against what was open then, and the funding that was settled on it. Undefined when a price is missing or
 * when the fills do not lead from what was open then to what is open now, or one does not say its fee.
 */
export function equityFromFills(book: Book, since: SinceBook): Usd | undefined {
  const { fills, positions } = since;
  const later = fills.filter((each) => each.at > book.at);
  const symbols = [...new Set([...book.rows, ...later, ...positions].map((each) => each.symbol))];
  const parts: Usd[] = [book.equity, since.cashFlow];
  for (const symbol of symbols) {
    const part = changeOf(symbol, book, { ...since, fills: later });
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return sumUsd(parts);
}

function changeOf(symbol: string, book: Book, since: SinceBook): Usd | undefined {
  const of = (each: { readonly symbol: string }): boolean => each.symbol === symbol;
  const row = book.rows.find(of);
  // A book of an earlier version does not tell the sides apart.
  const before = row === undefined ? NO_LEGS : row.legs;
  if (before === undefined) return undefined;
  const after = legsOf(since.positions.filter(of));
  const fills = since.fills.filter(of);
  if (fills.some((each) => each.feeUnknown === true)) return undefined;
  const effects = followFills(before, fills, after);
  if (effects === undefined) return undefined;
  const mark = since.marks.get(symbol);
  if (mark === undefined && netOf(after) !== 0n) return undefined;
  const settlements = (since.settlements?.get(symbol) ?? []).filter(({ at }) => at > book.at);
  return sumUsd([
    ...effects.map(cashOf),
    mark === undefined ? ZERO_USD : notionalOf(mark, netOf(after), 'half-even'),
    neg(row?.value ?? ZERO_USD),
    fundingOf({ held: netOf(before), effects }, settlements, mark),
  ]);
}

/**
 * What the settlements paid (above 0) or took on what was held, signed, at each of them: with a positive rate longs pay. A settlement
 * that does not tell the mark price is valued at `mark`; without that it counts 0.
 */
export function fundingOf(
  book: { readonly held: Qty; readonly effects: readonly FillEffect[] },
  settlements: readonly FundingSettlement[],
  mark: Price | undefined,
): Usd {
  return sumUsd(
    settlements.map(({ at, rate, mark: settled }) => {
      const price = settled ?? mark;
      if (price === undefined) return ZERO_USD;
      const value = notionalOf(price, heldAt(book, at), 'half-even');
      return neg(scaleBy(value, rate, 'half-even'));
    }),
  );
}

/** What was open, signed, just before that moment. */
export const heldAt = (
  { held, effects }: { readonly held: Qty; readonly effects: readonly FillEffect[] },
  at: Timestamp,
): Qty =>
  effects.reduce((sum, each) => (each.fill.at < at ? ((sum + each.signed) as Qty) : sum), held);
