import type { Account } from '../../domain/account.ts';
import {
  abs,
  add,
  max,
  min,
  neg,
  notionalOf,
  sub,
  sumUsd,
  usd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import type { FundingSettlement } from '../../domain/instrument.ts';
import type { Fill } from '../../domain/order.ts';
import { markOf, type ClosedPosition, type Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { fundingOf, heldAt } from './fills-equity.ts';
import { cashOf, followFills, legsOf, NO_LEGS, type FillEffect } from './follow-fills.ts';
import { bookOf, type BookRow } from './risk-state.ts';

/** What the exchange itself still knows. */
export interface AccountHistory {
  readonly account: Account;
  readonly positions: readonly Position[];
  /** Everything that closed, as far back as it is to be looked at. */
  readonly closed: readonly ClosedPosition[];
  /** All fills of the symbols that `fillsNeeded` names, since it says; others are not needed. Oldest first. */
  readonly fills: readonly Fill[];
  /** Settlements of funding of those symbols over the same time, as far as they are known. */
  readonly settlements?: ReadonlyMap<string, readonly FundingSettlement[]>;
  /** Prices at the day's start of those symbols, as far as they are known. */
  readonly startPrices: ReadonlyMap<string, Price>;
  readonly now: Timestamp;
}

/** Symbols that had a position when the day began: they need fills and a price. */
export function heldOverStart(
  history: Pick<AccountHistory, 'positions' | 'closed'>,
  start: Timestamp,
): readonly string[] {
  const held = [
    ...history.positions.filter((each) => each.openedAt < start),
    ...history.closed.filter((each) => each.openedAt < start && each.closedAt >= start),
  ];
  return [...new Set(held.map((each) => each.symbol))];
}

/**
 * Symbols whose rows do not say what they did today: held over its start, or a row lacks its costs, or can be read in two ways. Their
 * fills say it.
 */
function workedFromFills(
  history: Pick<AccountHistory, 'positions' | 'closed'>,
  start: Timestamp,
): readonly string[] {
  const rows = [
    ...history.positions,
    ...history.closed.filter((each) => each.closedAt >= start),
  ].filter((each) => each.costsUnknown === true || each.basisAssumed === true);
  return [...new Set([...heldOverStart(history, start), ...rows.map((each) => each.symbol)])];
}

/**
 * From when the fills of each symbol that is worked out from them are needed: from a moment at which nothing of it was open, so that
 * they can be added up from nothing to what is open now.
 */
export function fillsNeeded(
  history: Pick<AccountHistory, 'positions' | 'closed'>,
  start: Timestamp,
): ReadonlyMap<string, Timestamp> {
  return new Map(
    workedFromFills(history, start).map((symbol) => {
      const rows = [
        ...history.positions.map((each) => ({ ...each, closedAt: Infinity })),
        ...history.closed,
      ].filter((each) => each.symbol === symbol);
      return [symbol, flatBefore(rows, start)] as const;
    }),
  );
}

/** The latest opening at or before `start` that no other position spans. */
function flatBefore(
  rows: readonly { readonly openedAt: Timestamp; readonly closedAt: Timestamp }[],
  start: Timestamp,
): Timestamp {
  const spanning = rows.filter((each) => each.openedAt < start && each.closedAt >= start);
  const earliest = Math.min(start, ...spanning.map((each) => each.openedAt));
  return earliest < start ? flatBefore(rows, earliest) : start;
}

export interface Day {
  /** What trading has changed of equity since the day's start. */
  readonly change: Usd;
  readonly book: readonly BookRow[];
  readonly held: readonly string[];
  readonly unproven: readonly string[];
  readonly unsplit: readonly string[];
  readonly unpriced: readonly string[];
}

/** Rows of positions that lived within the day say it all, unless they lack something; the other symbols are worked out from fills. */
export function dayOf(history: AccountHistory, start: Timestamp): Day {
  const worked = new Set(workedFromFills(history, start));
  const today = history.closed.filter((each) => each.closedAt >= start);
  const plain = sumUsd([
    ...today.filter((each) => !worked.has(each.symbol)).map((each) => each.net),
    ...history.positions.filter((each) => !worked.has(each.symbol)).map(resultSoFar),
  ]);
  const symbols = [...worked].map((symbol) => fromFills(symbol, history, start));
  return {
    change: sumUsd([plain, ...symbols.map((each) => each.change)]),
    book: symbols.flatMap((each) => each.row ?? []),
    held: heldOverStart(history, start),
    unproven: symbols.filter((each) => !each.proven).map((each) => each.symbol),
    unsplit: symbols.filter((each) => !each.split).map((each) => each.symbol),
    unpriced: symbols.filter((each) => !each.priced).map((each) => each.symbol),
  };
}

/** All that it lost counts as lost today, and no gain. */
function unprovenSymbol(
  symbol: string,
  of: { readonly positions: readonly Position[]; readonly today: readonly ClosedPosition[] },
): WorkedSymbol {
  const results = [
    ...of.positions.filter((each) => each.symbol === symbol).map(resultSoFar),
    ...of.today.filter((each) => each.symbol === symbol).map((each) => each.net),
  ];
  const change = sumUsd(results.map((each) => min(each, ZERO_USD)));
  return { symbol, change, proven: false, split: true, priced: true };
}

export const resultSoFar = (each: Position): Usd => add(realisedOf(each), each.unrealisedPnl);

/** What an open position has already added to, or taken from, the wallet: partial closes, fees and funding. */
export const realisedOf = (each: Position): Usd =>
  add(sub(each.realisedGross, each.fees), each.funding);

interface WorkedSymbol {
  readonly symbol: string;
  /** What was open when the day began; undefined where that is not known, or nothing. */
  readonly row?: BookRow;
  readonly change: Usd;
  readonly proven: boolean;
  readonly split: boolean;
  readonly priced: boolean;
}

/** Cash of today's fills, plus what is open now at its value, less what was open then at its value, plus funding. */
function fromFills(symbol: string, history: AccountHistory, start: Timestamp): WorkedSymbol {
  const of = (each: { readonly symbol: string }): boolean => each.symbol === symbol;
  const since = fillsNeeded(history, start).get(symbol) ?? start;
  const positions = history.positions.filter(of);
  const closed = history.closed.filter((each) => of(each) && each.closedAt >= since);
  const fills = history.fills.filter((each) => of(each) && each.at >= since);
  const rows = [...positions, ...closed];
  const effects = costsKnown(history, { symbol, fills, rows, start })
    ? followFills(NO_LEGS, fills, legsOf(positions))
    : undefined;
  const today = closed.filter((each) => each.closedAt >= start);
  if (effects === undefined) return unprovenSymbol(symbol, { positions, today });
  const before = effects.filter(({ fill }) => fill.at < start);
  const qty = heldAt({ held: 0n as Qty, effects }, start);
  const price = history.startPrices.get(symbol);
  const value =
    price === undefined
      ? carefulValue(qty, { positions, closed: today })
      : notionalOf(price, qty, 'half-even');
  const funding = fundingToday(history, { symbol, effects, rows, start });
  const now = bookOf(positions)[0]?.value ?? ZERO_USD;
  const cash = effects.slice(before.length).map(cashOf);
  return {
    symbol,
    row: { symbol, qty, value, legs: before.at(-1)?.legs ?? NO_LEGS },
    change: sumUsd([...cash, now, neg(value), funding.amount]),
    proven: true,
    split: funding.split,
    priced: price !== undefined || qty === 0n,
  };
}

/** Whether the fills of today tell their fees, and the rows or else the settlements what was paid for funding. */
function costsKnown(
  { settlements }: AccountHistory,
  of: {
    readonly symbol: string;
    readonly fills: readonly Fill[];
    readonly rows: readonly Funded[];
    readonly start: Timestamp;
  },
): boolean {
  const { symbol, fills, rows, start } = of;
  if (fills.some((each) => each.feeUnknown === true && each.at >= start)) return false;
  return !rows.some(lacksCosts) || (settlements?.get(symbol) ?? []).length > 0;
}

/** How far what the settlements come to may be from what the exchange booked, in parts of it, and in USDT. */
const FUNDING_PARTS = 200n;
const FUNDING_CENT = usd('0.01');

type Funded = Pick<Position, 'openedAt' | 'funding' | 'costsUnknown'>;

/**
 * What was paid for funding today. The rows tell the whole of it, the settlements when it was: only where both agree over all the time
 * can it be split; else everything that was ever paid counts as paid today, and nothing that was received. Where a row lacks its costs
 * the settlements say it, unless what the rows do tell is worse.
 */
function fundingToday(
  { settlements }: AccountHistory,
  of: {
    readonly symbol: string;
    readonly effects: readonly FillEffect[];
    readonly rows: readonly Funded[];
    readonly start: Timestamp;
  },
): { readonly amount: Usd; readonly split: boolean } {
  const { symbol, effects, rows, start } = of;
  const known = settlements?.get(symbol) ?? [];
  const book = { held: 0n as Qty, effects };
  const booked = sumUsd(rows.map((each) => each.funding));
  const worked = fundingOf(book, known, undefined);
  const off = abs(sub(booked, worked));
  const later = known.filter(({ at }) => at > start);
  const today = fundingOf(book, later, undefined);
  const agree = off <= FUNDING_CENT || off * FUNDING_PARTS <= abs(booked);
  const careful = sumUsd(
    rows.map((each) => (each.openedAt < start ? min(each.funding, ZERO_USD) : each.funding)),
  );
  const split = agree || (rows.some(lacksCosts) && today <= careful);
  return { amount: split ? today : careful, split };
}

const lacksCosts = ({ costsUnknown }: Pick<Position, 'costsUnknown'>): boolean =>
  costsUnknown === true;

/** The value at the day's start that makes the most of today's loss, of the prices that are known. */
function carefulValue(
  qty: Qty,
  of: { readonly positions: readonly Position[]; readonly closed: readonly ClosedPosition[] },
): Usd {
  const prices = [
    ...of.positions.flatMap((each) => [each.entryPrice, markOf(each) ?? each.entryPrice]),
    ...of.closed.flatMap((each) => [each.entryPrice, each.closePrice]),
  ];
  const values = prices.map((each) => notionalOf(each, qty, 'half-even'));
  return values.reduce((most, each) => max(most, each), values[0] ?? ZERO_USD);
}
