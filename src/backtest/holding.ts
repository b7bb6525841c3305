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
  toNumber,
  ZERO_USD,
  type Price,
  type Ratio,
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
import type { TradingCosts } from './costs.ts';
import { bracketExit, type ExitReason, type Span } from './fills.ts';
import { excursionOf, widen, type Excursion, type Trade } from './trade.ts';

/** The costs of a run as exact ratios. */
export interface Rates {
  readonly fee: Ratio;
  readonly slippage: Ratio;
  readonly gapSlippage: Ratio;
  readonly funding: Ratio;
}

export const ratesOf = (costs: TradingCosts): Rates => ({
  fee: ratioFromNumber(costs.takerFee),
  slippage: ratioFromNumber(costs.slippage),
  gapSlippage: ratioFromNumber(2 * costs.slippage),
  funding: ratioFromNumber(costs.funding),
});

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

/** An approved entry at the open of a candle. */
export interface BookEntry {
  readonly entry: ApprovedEntry;
  readonly instrument: Instrument;
  readonly score: number;
  readonly open: Price;
  readonly at: Timestamp;
}

/** The position that a market fill at the open makes, slippage included. Its entry fee is in `position.fees`. */
export function openHolding(
  { entry, instrument, score, open, at }: BookEntry,
  rates: Rates,
): Holding {
  const fill = entryFill(open, entry.side, rates.slippage);
  const notional = notionalOf(fill, entry.qty, 'up');
  const id = `${entry.symbol}-${at}`;
  const { symbol, side, qty, leverage, plan } = entry;
  const liquidation =
    plan.liquidationPrice === undefined ? {} : { liquidationPrice: plan.liquidationPrice };
  const position: Position = {
    id,
    symbol,
    side,
    qty,
    entryPrice: fill,
    leverage,
    marginMode: 'isolated',
    margin: divideBy(notional, leverage, 'up'),
    unrealisedPnl: ZERO_USD,
    realisedGross: ZERO_USD,
    fees: scaleBy(notional, rates.fee, 'up'),
    funding: ZERO_USD,
    ...liquidation,
    openedAt: at,
    updatedAt: at,
  };
  const filled = toNumber(fill);
  return {
    position,
    protection: {
      id: `${id}-protection`,
      positionId: id,
      symbol,
      stopPrice: entry.stop,
      targetPrice: entry.target,
    },
    instrument,
    entry,
    score,
    stop: toNumber(entry.stop),
    target: toNumber(entry.target),
    excursion: { worst: filled, best: filled },
    candles: 0,
  };
}

/** What a settlement takes from the wallet, 0 or negative: a long pays, a short receives nothing (see costs). */
export function fundingDue({ position, instrument }: Holding, open: number, rates: Rates): Usd {
  if (position.side === 'short') return ZERO_USD;
  const mark = priceFromNumber(open, instrument.tick, 'half-even');
  return neg(scaleBy(notionalOf(mark, position.qty, 'up'), rates.funding, 'up'));
}

export const withFunding = (holding: Holding, paid: Usd): Holding => ({
  ...holding,
  position: { ...holding.position, funding: add(holding.position.funding, paid) },
});

export interface HoldingExit {
  readonly price: Price;
  readonly reason: ExitReason;
}

/** Where the holding ends in this candle with its slippage; undefined while it stays open. */
export function exitOf(holding: Holding, span: Span, rates: Rates): HoldingExit | undefined {
  const { position, instrument, stop, target, excursion } = holding;
  const touch = bracketExit({ side: position.side, stop, target }, span);
  if (touch === undefined) {
    widen(excursion, span.low, span.high);
    return undefined;
  }
  widen(excursion, touch.price, touch.price);
  const raw = priceFromNumber(touch.price, instrument.tick, 'half-even');
  const fill = exitFill(raw, position.side, touch.gap ? rates.gapSlippage : rates.slippage);
  return touch.reason === 'target'
    ? { price: fill, reason: 'target' }
    : withinMargin(position, fill);
}

/** The holding at a candle's close. */
export function marked(holding: Holding, close: number, at: Timestamp): Holding {
  const { position, instrument } = holding;
  const exit = priceFromNumber(close, instrument.tick, 'half-even');
  const unrealisedPnl = pnlOf(position, { entry: position.entryPrice, exit });
  return { ...holding, position: { ...position, unrealisedPnl, updatedAt: at } };
}

export interface Closing {
  readonly trade: Trade;
  readonly closed: ClosedPosition;
  /** What reaches the wallet: price profit less the exit fee. */
  readonly proceeds: Usd;
}

export function closeHolding(
  holding: Holding,
  exit: HoldingExit & { readonly at: Timestamp },
  rates: Rates,
): Closing {
  const { position } = holding;
  const { qty, entryPrice } = position;
  const price = max(exit.price, 0n as Price);
  const fee = scaleBy(notionalOf(price, qty, 'up'), rates.fee, 'up');
  const gross = pnlOf(position, { entry: entryPrice, exit: price });
  const fees = add(position.fees, fee);
  const net = add(sub(gross, fees), position.funding);
  const liquidated = exit.reason === 'liquidation';
  const { id, symbol, side, leverage, funding, openedAt } = position;
  const own = { id, symbol, side, leverage, fees, funding, gross, net, liquidated, openedAt };
  return {
    trade: tradeOf(holding, { ...exit, price }, { fees, net }),
    closed: { ...own, maxQty: qty, entryPrice, closePrice: price, closedAt: exit.at },
    proceeds: sub(gross, fee),
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
