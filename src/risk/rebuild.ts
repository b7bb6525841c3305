import { equityOf, walletOf, type Account } from '../domain/account.ts';
import {
  add,
  max,
  min,
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
import { markOf, type ClosedPosition, type Position } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { cashOf, signedQty } from './fills-equity.ts';
import type { RiskLimits } from './limits.ts';
import {
  bookOf,
  NOTHING_COUNTED,
  riskDayStart,
  type BookRow,
  type RiskState,
} from './risk-state.ts';
import { countNewTrades, countResults, type TradeCount } from './trade-count.ts';

/** What the exchange itself still knows. */
export interface History {
  readonly account: Account;
  readonly positions: readonly Position[];
  /** Everything that closed, as far back as it is to be looked at. */
  readonly closed: readonly ClosedPosition[];
  /** Fills since the day's start of the symbols that were held over it; others are not needed. */
  readonly fills: readonly Fill[];
  /** Prices at the day's start of those symbols, as far as they are known. */
  readonly startPrices: ReadonlyMap<string, Price>;
  readonly now: Timestamp;
}

export interface Rebuilt {
  readonly state: RiskState;
  /** Symbols held over the day's start. What they paid for funding in all counts as paid today: the history does not split it. */
  readonly held: readonly string[];
  /** Those of them whose price at the start is not known: their loss of today is then a guess on the careful side. */
  readonly unpriced: readonly string[];
}

/**
 * What Vigil would remember, worked out from the exchange's history: equity at the day's start, today's entries and results, the
 * losing streak with its pause, paused symbols, and a high-water mark that is at least so high. Deposits and withdrawals are not
 * in that history: they count as having been there always. Pure; throws nothing.
 */
export function rebuildRiskState(history: History, limits: RiskLimits): Rebuilt {
  const { account, now } = history;
  const start = riskDayStart(now, limits);
  const day = dayOf(history, start);
  const equity = equityOf(account);
  const first = max(sub(equity, day.change), ZERO_USD);
  const dayStartEquity = first > 0n ? first : equity;
  const state: RiskState = {
    ...countsOf(history, { start, limits }),
    dayStartEquity,
    dayFirstEquity: dayStartEquity,
    dayCashFlow: ZERO_USD,
    dayBook: { at: start, equity: dayStartEquity, rows: day.book },
    peakEquity: max(highestOf(history), dayStartEquity, equity),
    lastEquity: equity,
    steps: [],
    accountAt: account.at,
    failedReads: 0,
  };
  return { state, held: day.held, unpriced: day.unpriced };
}

/** Symbols that had a position when the day began: they need fills and a price. */
export function heldOverStart(
  history: Pick<History, 'positions' | 'closed'>,
  start: Timestamp,
): readonly string[] {
  const held = [
    ...history.positions.filter((each) => each.openedAt < start),
    ...history.closed.filter((each) => each.openedAt < start && each.closedAt >= start),
  ];
  return [...new Set(held.map((each) => each.symbol))];
}

function countsOf(
  { positions, closed, now }: History,
  day: { readonly start: Timestamp; readonly limits: RiskLimits },
): TradeCount {
  const reading = { positions, closed, now };
  const fresh: TradeCount = { ...NOTHING_COUNTED, dayStart: day.start };
  return countResults(countNewTrades(fresh, reading, []), { reading, limits: day.limits }, []);
}

interface Day {
  /** What trading has changed of equity since the day's start. */
  readonly change: Usd;
  readonly book: readonly BookRow[];
  readonly held: readonly string[];
  readonly unpriced: readonly string[];
}

/** Rows of positions that lived within the day say it all; symbols that were held over its start are worked out from fills. */
function dayOf(history: History, start: Timestamp): Day {
  const held = new Set(heldOverStart(history, start));
  const today = history.closed.filter((each) => each.closedAt >= start);
  const plain = sumUsd([
    ...today.filter((each) => !held.has(each.symbol)).map((each) => each.net),
    ...history.positions.filter((each) => !held.has(each.symbol)).map(resultSoFar),
  ]);
  const symbols = [...held].map((symbol) => heldSymbol(symbol, history, start));
  return {
    change: sumUsd([plain, ...symbols.map((each) => each.change)]),
    book: symbols.flatMap((each) => (each.row.qty === 0n ? [] : [each.row])),
    held: [...held],
    unpriced: symbols.filter((each) => !each.priced).map((each) => each.row.symbol),
  };
}

const resultSoFar = (each: Position): Usd => add(realisedOf(each), each.unrealisedPnl);

/** What an open position has already added to, or taken from, the wallet: partial closes, fees and funding. */
const realisedOf = (each: Position): Usd => add(sub(each.realisedGross, each.fees), each.funding);

interface HeldSymbol {
  readonly row: BookRow;
  readonly change: Usd;
  readonly priced: boolean;
}

/** Cash of the fills, plus what is open now at its value, less what was open then at its value, plus funding. */
function heldSymbol(symbol: string, history: History, start: Timestamp): HeldSymbol {
  const of = (each: { readonly symbol: string }): boolean => each.symbol === symbol;
  const positions = history.positions.filter(of);
  const closed = history.closed.filter((each) => of(each) && each.closedAt >= start);
  const fills = history.fills.filter((each) => of(each) && each.at >= start);
  const now = bookOf(positions)[0] ?? { symbol, qty: 0n as Qty, value: ZERO_USD };
  const qty = fills.reduce((sum, each) => sub(sum, signedQty(each)), now.qty);
  const price = history.startPrices.get(symbol);
  const value =
    price === undefined
      ? carefulValue(qty, { positions, closed })
      : notionalOf(price, qty, 'half-even');
  const rows = [...positions, ...closed];
  const funding = sumUsd(
    rows.map((each) => (each.openedAt < start ? min(each.funding, ZERO_USD) : each.funding)),
  );
  const cash = sumUsd(fills.map(cashOf));
  const byFills = sumUsd([cash, now.value, neg(value), funding]);
  return {
    row: { symbol, qty, value },
    change: min(byFills, unfilledLoss(closed, fills) ?? byFills),
    priced: price !== undefined || qty === 0n,
  };
}

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

/** A close without a fill, as a liquidation may be, would be lost on the way: then the results of such positions, 0 or less. */
function unfilledLoss(closed: readonly ClosedPosition[], fills: readonly Fill[]): Usd | undefined {
  const missing = closed.filter(({ side }) => {
    const closing = side === 'long' ? 'sell' : 'buy';
    return !fills.some((fill) => fill.side === closing);
  });
  if (missing.length === 0) return undefined;
  return sumUsd(missing.map((each) => min(each.net, ZERO_USD)));
}

/** The highest wallet that the closes show, walked back from the present one. */
function highestOf({ account, positions, closed }: History): Usd {
  let wallet = sub(walletOf(account), sumUsd(positions.map(realisedOf)));
  let highest = wallet;
  for (const each of closed.toSorted((a, b) => b.closedAt - a.closedAt)) {
    wallet = sub(wallet, each.net);
    highest = max(highest, wallet);
  }
  return highest;
}
