import type { Account } from '../../domain/account.ts';
import {
  add,
  priceFromNumber,
  ratioFromNumber,
  sub,
  sumUsd,
  ZERO_USD,
  type Usd,
} from '../../domain/money/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { FundingHistory, TradingCosts } from './costs.ts';
import type { Span } from './fills.ts';
import {
  closeHolding,
  exitAtClose,
  exitAtOpen,
  exitWithin,
  marked,
  openHolding,
  ratesOf,
  valueAt,
  withFunding,
  type BookEntry,
  type ExitTime,
  type Holding,
  type HoldingExit,
  type Rates,
} from './holding.ts';
import { fundingReceived, settlementAt } from './settlement.ts';
import type { Trade } from './trade.ts';

/** The simulated account: exact money, isolated margin, one position a symbol. */
export interface Book {
  holdings(): readonly Holding[];
  has(symbol: string): boolean;
  account(at: Timestamp): Account;
  enter(order: BookEntry): void;
  /** The first price of a candle: what it jumped over ends there, what is left settles its funding and is marked at it. */
  open(symbol: string, price: number, hour: OpenedHour): Trade | undefined;
  /** The rest of the candle: ends the position when its bracket was touched, else marks it at the close. */
  candle(symbol: string, span: Span & { readonly close: number }, at: Timestamp): Trade | undefined;
  /** Ends a position at a price without slippage, because the data end. */
  end(symbol: string, price: number, at: Timestamp): Trade | undefined;
  /** Positions closed since the last call, as the risk state counts them. */
  takeClosed(): readonly ClosedPosition[];
}

export interface OpenedHour {
  readonly at: Timestamp;
  readonly funding: FundingHistory | undefined;
}

/** Length of the candles, and after how many of them a position is left at the close. */
export interface BookCandles {
  readonly candleMs: number;
  readonly leavesAfter?: number | undefined;
}

export function createBook(
  start: Usd,
  costs: TradingCosts,
  { candleMs, leavesAfter = Infinity }: BookCandles,
): Book {
  const rates = ratesOf(costs);
  const left = leaving(leavesAfter, rates);
  const assumed = ratioFromNumber(costs.funding);
  const open = new Map<string, Holding>();
  let wallet = start;
  let closed: ClosedPosition[] = [];

  function close(holding: Holding, exit: HoldingExit, time: ExitTime): Trade {
    const closing = closeHolding(holding, { ...exit, time }, rates);
    wallet = add(wallet, closing.proceeds);
    closed.push(closing.closed);
    open.delete(holding.position.symbol);
    return closing.trade;
  }

  function settle(holding: Holding, price: number, { at, funding }: OpenedHour): Holding {
    const settlement = settlementAt(at, funding, assumed);
    if (settlement === undefined) return holding;
    const { side } = holding.position;
    const received = fundingReceived(side, valueAt(holding, price), settlement);
    wallet = add(wallet, received);
    return withFunding(holding, received);
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
    open(symbol, price, hour) {
      const holding = open.get(symbol);
      if (holding === undefined) return undefined;
      const { at } = hour;
      const exit = exitAtOpen(holding, price, rates);
      if (exit !== undefined) return close(aged(holding), exit, { candle: at, at });
      open.set(symbol, marked(settle(holding, price, hour), price, at));
      return undefined;
    },
    candle(symbol, span, at) {
      const holding = open.get(symbol);
      if (holding === undefined) return undefined;
      const older = aged(holding);
      const exit = exitWithin(older, span, rates) ?? left(older, span.close);
      // When within the candle nobody knows: pauses count from its last moment.
      if (exit !== undefined) return close(older, exit, { candle: at, at: at + candleMs - 1 });
      open.set(symbol, marked(older, span.close, at));
      return undefined;
    },
    end(symbol, price, at) {
      const holding = open.get(symbol);
      if (holding === undefined) return undefined;
      const exit = priceFromNumber(price, holding.instrument.tick, 'half-even');
      return close(holding, { price: exit, reason: 'end' }, { candle: at, at: at + candleMs - 1 });
    },
    takeClosed() {
      const taken = closed;
      closed = [];
      return taken;
    },
  };
}

/** Out at the close once it was held for so many candles. */
const leaving =
  (most: number, rates: Rates) =>
  (holding: Holding, close: number): HoldingExit | undefined =>
    holding.candles < most ? undefined : exitAtClose(holding, close, rates);

const aged = (holding: Holding): Holding => ({ ...holding, candles: holding.candles + 1 });

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
