import type { Account } from '../domain/account.ts';
import { add, priceFromNumber, sub, sumUsd, ZERO_USD, type Usd } from '../domain/money.ts';
import type { ClosedPosition } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { isFundingTime, type TradingCosts } from './costs.ts';
import type { Span } from './fills.ts';
import {
  closeHolding,
  exitOf,
  fundingDue,
  marked,
  openHolding,
  ratesOf,
  withFunding,
  type BookEntry,
  type Holding,
  type HoldingExit,
} from './holding.ts';
import type { Trade } from './trade.ts';

/** The simulated account: exact money, isolated margin, one position a symbol. */
export interface Book {
  holdings(): readonly Holding[];
  has(symbol: string): boolean;
  account(at: Timestamp): Account;
  enter(order: BookEntry): void;
  /** Funding due at the open of this candle. */
  settleFunding(symbol: string, open: number, at: Timestamp): void;
  /** One candle of a symbol: ends the position when its bracket was touched, else marks it at the close. */
  candle(symbol: string, span: Span & { readonly close: number }, at: Timestamp): Trade | undefined;
  /** Ends a position at a price without slippage, because the data end. */
  end(symbol: string, price: number, at: Timestamp): Trade | undefined;
  /** Positions closed since the last call, as the risk state counts them. */
  takeClosed(): readonly ClosedPosition[];
}

export function createBook(start: Usd, costs: TradingCosts): Book {
  const rates = ratesOf(costs);
  const open = new Map<string, Holding>();
  let wallet = start;
  let closed: ClosedPosition[] = [];

  function close(holding: Holding, exit: HoldingExit, at: Timestamp): Trade {
    const closing = closeHolding(holding, { ...exit, at }, rates);
    wallet = add(wallet, closing.proceeds);
    closed.push(closing.closed);
    open.delete(holding.position.symbol);
    return closing.trade;
  }

  return {
    holdings: () => [...open.values()],
    has: (symbol) => open.has(symbol),
    account: (at) => accountOf(wallet, [...open.values()], at),
    enter(order) {
      const holding = openHolding(order, rates);
      wallet = sub(wallet, holding.position.fees);
      open.set(order.entry.symbol, holding);
    },
    settleFunding(symbol, price, at) {
      const holding = open.get(symbol);
      if (holding === undefined || !isFundingTime(at)) return;
      const paid = fundingDue(holding, price, rates);
      wallet = add(wallet, paid);
      open.set(symbol, withFunding(holding, paid));
    },
    candle(symbol, span, at) {
      const holding = open.get(symbol);
      if (holding === undefined) return undefined;
      const aged = { ...holding, candles: holding.candles + 1 };
      const exit = exitOf(aged, span, rates);
      if (exit !== undefined) return close(aged, exit, at);
      open.set(symbol, marked(aged, span.close, at));
      return undefined;
    },
    end(symbol, price, at) {
      const holding = open.get(symbol);
      if (holding === undefined) return undefined;
      const exit = priceFromNumber(price, holding.instrument.tick, 'half-even');
      return close(holding, { price: exit, reason: 'end' }, at);
    },
    takeClosed() {
      const taken = closed;
      closed = [];
      return taken;
    },
  };
}

function accountOf(wallet: Usd, holdings: readonly Holding[], at: Timestamp): Account {
  const margin = sumUsd(holdings.map(({ position }) => position.margin));
  return {
    marginCoin: 'USDT',
    available: sub(wallet, margin),
    frozen: ZERO_USD,
    margin,
    unrealisedPnl: sumUsd(holdings.map(({ position }) => position.unrealisedPnl)),
    bonus: ZERO_USD,
    positionMode: 'one-way',
    at,
  };
}
