import type { Account } from '../domain/account.ts';
import type { Instrument } from '../domain/instrument.ts';
import {
  add,
  divideBy,
  max,
  neg,
  notionalOf,
  priceFromNumber,
  ratioFromNumber,
  scaleBy,
  sub,
  sumUsd,
  toNumber,
  ZERO_USD,
  type Price,
  type Usd,
} from '../domain/money.ts';
import {
  pnlOf,
  type ClosedPosition,
  type Position,
  type ProtectiveOrder,
} from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { entryFill, exitFill } from '../risk/costs.ts';
import type { ApprovedEntry } from '../risk/gate.ts';
import { isFundingTime, type TradingCosts } from './costs.ts';
import { bracketExit, type ExitReason, type Span } from './fills.ts';
import { excursionOf, widen, type Excursion, type Trade } from './trade.ts';

/** An open position of the backtest with what the statistics want to know about it. */
export interface Holding {
  readonly position: Position;
  readonly protection: ProtectiveOrder;
  readonly instrument: Instrument;
  readonly entry: ApprovedEntry;
  readonly score: number;
  readonly stop: number;
  readonly target: number;
  readonly excursion: Excursion;
  readonly candles: number;
}

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

export interface BookEntry {
  readonly entry: ApprovedEntry;
  readonly instrument: Instrument;
  readonly score: number;
  readonly open: Price;
  readonly at: Timestamp;
}

export function createBook(start: Usd, costs: TradingCosts): Book {
  const rates = {
    fee: ratioFromNumber(costs.takerFee),
    slippage: ratioFromNumber(costs.slippage),
    gapSlippage: ratioFromNumber(2 * costs.slippage),
    funding: ratioFromNumber(costs.funding),
  };
  const open = new Map<string, Holding>();
  let wallet = start;
  let closed: ClosedPosition[] = [];

  function enter({ entry, instrument, score, open: price, at }: BookEntry): void {
    const fill = entryFill(price, entry.side, rates.slippage);
    const notional = notionalOf(fill, entry.qty, 'up');
    const fee = scaleBy(notional, rates.fee, 'up');
    wallet = sub(wallet, fee);
    const id = `${entry.symbol}-${at}`;
    const position: Position = {
      id,
      symbol: entry.symbol,
      side: entry.side,
      qty: entry.qty,
      entryPrice: fill,
      leverage: entry.leverage,
      marginMode: 'isolated',
      margin: divideBy(notional, entry.leverage, 'up'),
      unrealisedPnl: ZERO_USD,
      realisedGross: ZERO_USD,
      fees: fee,
      funding: ZERO_USD,
      ...(entry.plan.liquidationPrice === undefined
        ? {}
        : { liquidationPrice: entry.plan.liquidationPrice }),
      openedAt: at,
      updatedAt: at,
    };
    const protection: ProtectiveOrder = {
      id: `${id}-protection`,
      positionId: id,
      symbol: entry.symbol,
      stopPrice: entry.stop,
      targetPrice: entry.target,
    };
    const price0 = toNumber(fill);
    open.set(entry.symbol, {
      position,
      protection,
      instrument,
      entry,
      score,
      stop: toNumber(entry.stop),
      target: toNumber(entry.target),
      excursion: { worst: price0, best: price0 },
      candles: 0,
    });
  }

  function close(
    holding: Holding,
    exit: { price: Price; reason: ExitReason; at: Timestamp },
  ): Trade {
    const { position } = holding;
    const { qty, entryPrice } = position;
    const price = max(exit.price, 0n as Price);
    const fee = scaleBy(notionalOf(price, qty, 'up'), rates.fee, 'up');
    const gross = pnlOf(position, { entry: entryPrice, exit: price });
    wallet = add(wallet, sub(gross, fee));
    const fees = add(position.fees, fee);
    const net = add(sub(gross, fees), position.funding);
    open.delete(position.symbol);
    const liquidated = exit.reason === 'liquidation';
    const { id, symbol, side, leverage, funding, openedAt } = position;
    const own = { id, symbol, side, leverage, fees, funding, gross, net, liquidated, openedAt };
    closed.push({ ...own, maxQty: qty, entryPrice, closePrice: price, closedAt: exit.at });
    return tradeOf(holding, { ...exit, price }, { fees, net });
  }

  return {
    holdings: () => [...open.values()],
    has: (symbol) => open.has(symbol),
    account(at) {
      const positions = [...open.values()].map((each) => each.position);
      const margin = sumUsd(positions.map((each) => each.margin));
      return {
        marginCoin: 'USDT',
        available: sub(wallet, margin),
        frozen: ZERO_USD,
        margin,
        unrealisedPnl: sumUsd(positions.map((each) => each.unrealisedPnl)),
        bonus: ZERO_USD,
        positionMode: 'one-way',
        at,
      };
    },
    enter,
    settleFunding(symbol, price, at) {
      const holding = open.get(symbol);
      if (holding === undefined || !isFundingTime(at)) return;
      const { position, instrument } = holding;
      if (position.side === 'short') return;
      const mark = priceFromNumber(price, instrument.tick, 'half-even');
      const paid = neg(scaleBy(notionalOf(mark, position.qty, 'up'), rates.funding, 'up'));
      wallet = add(wallet, paid);
      open.set(symbol, {
        ...holding,
        position: { ...position, funding: add(position.funding, paid) },
      });
    },
    candle(symbol, span, at) {
      const holding = open.get(symbol);
      if (holding === undefined) return undefined;
      const { position, instrument } = holding;
      const aged = { ...holding, candles: holding.candles + 1 };
      const touch = bracketExit(
        { side: position.side, stop: holding.stop, target: holding.target },
        span,
      );
      if (touch !== undefined) {
        widen(holding.excursion, touch.price, touch.price);
        const raw = priceFromNumber(touch.price, instrument.tick, 'half-even');
        if (touch.reason === 'target') return close(aged, { price: raw, reason: 'target', at });
        const slippage = touch.gap ? rates.gapSlippage : rates.slippage;
        const stopped = exitFill(raw, position.side, slippage);
        return close(aged, { ...withinMargin(position, stopped), at });
      }
      widen(holding.excursion, span.low, span.high);
      const mark = priceFromNumber(span.close, instrument.tick, 'half-even');
      const unrealisedPnl = pnlOf(position, { entry: position.entryPrice, exit: mark });
      open.set(symbol, { ...aged, position: { ...position, unrealisedPnl, updatedAt: at } });
      return undefined;
    },
    end(symbol, price, at) {
      const holding = open.get(symbol);
      if (holding === undefined) return undefined;
      const exit = priceFromNumber(price, holding.instrument.tick, 'half-even');
      return close(holding, { price: exit, reason: 'end', at });
    },
    takeClosed() {
      const taken = closed;
      closed = [];
      return taken;
    },
  };
}

/** A stop that would fill beyond the liquidation price ends there: isolated margin loses no more. */
function withinMargin(
  { side, liquidationPrice }: Position,
  price: Price,
): { readonly price: Price; readonly reason: 'stop' | 'liquidation' } {
  if (liquidationPrice === undefined) return { price, reason: 'stop' };
  const beyond = side === 'long' ? price <= liquidationPrice : price >= liquidationPrice;
  return beyond ? { price: liquidationPrice, reason: 'liquidation' } : { price, reason: 'stop' };
}

function tradeOf(
  holding: Holding,
  exit: { readonly price: Price; readonly reason: ExitReason; readonly at: Timestamp },
  money: { readonly fees: Usd; readonly net: Usd },
): Trade {
  const { position, entry } = holding;
  const entryPrice = toNumber(position.entryPrice);
  return {
    symbol: position.symbol,
    category: entry.category,
    side: position.side,
    entryTime: position.openedAt,
    entryPrice,
    exitTime: exit.at,
    exitPrice: toNumber(exit.price),
    quantity: toNumber(position.qty),
    fees: toNumber(money.fees),
    funding: toNumber(position.funding),
    pnl: toNumber(money.net),
    reason: exit.reason,
    risk: toNumber(entry.plan.risk),
    candles: holding.candles,
    score: holding.score,
    ...excursionOf(holding.excursion, position.side, entryPrice),
  };
}
