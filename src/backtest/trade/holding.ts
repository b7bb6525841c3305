import type { Instrument, RiskTier } from '../../domain/instrument.ts';
import {
  add,
  max,
  min,
  priceFromNumber,
  ratioFromNumber,
  sub,
  toNumber,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import type { ClosedPosition, Position, ProtectiveOrder, Side } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { ApprovedEntry } from '../../risk/gate/gate.ts';
import type { TradingCosts } from './costs.ts';
import { bookMargin, bookShare, bookValue, marketFill } from './exchange-money.ts';
import { bracketExit, type ExitReason, type Span } from './fills.ts';
import { liquidationLine, type LiquidationLine } from './liquidation-line.ts';
import { excursionOf, widen, type Excursion, type Trade } from './trade.ts';

/** The costs of a run as exact ratios. */
export interface Rates {
  readonly fee: Ratio;
  readonly slippage: Ratio;
  readonly gapSlippage: Ratio;
}

export const ratesOf = (costs: TradingCosts): Rates => ({
  fee: ratioFromNumber(costs.takerFee),
  slippage: ratioFromNumber(costs.slippage),
  gapSlippage: ratioFromNumber(2 * costs.slippage),
});

/** An open position of the backtest with what the statistics want to know about it. */
export interface Holding {
  readonly position: Position;
  readonly protection: ProtectiveOrder;
  readonly instrument: Instrument;
  readonly entry: ApprovedEntry;
  readonly score?: number | undefined;
  /** What the position cost, without the fee. */
  readonly cost: Usd;
  readonly liquidation: LiquidationLine | undefined;
  readonly excursion: Excursion;
  readonly candles: number;
}

/** An approved entry at the open of a candle. */
export interface BookEntry {
  readonly entry: ApprovedEntry;
  readonly instrument: Instrument;
  readonly tiers: readonly RiskTier[];
  readonly score?: number | undefined;
  readonly open: Price;
  readonly at: Timestamp;
}

const profitAt = (side: Side, cost: Usd, value: Usd): Usd =>
  side === 'long' ? sub(value, cost) : sub(cost, value);

/** The position that a market fill at the open makes, slippage included. Its entry fee is in `position.fees`. */
export function openHolding(order: BookEntry, rates: Rates): Holding {
  const { entry, instrument, tiers, score, open, at } = order;
  const { symbol, side, qty, leverage } = entry;
  const { slippage } = rates;
  const fill = marketFill(open, { buys: side === 'long', slippage, tick: instrument.tick });
  const cost = bookValue(fill, qty);
  const margin = bookMargin(cost, leverage);
  const liquidation = liquidationLine({ side, qty, cost, margin }, tiers, instrument.tick);
  const id = `${symbol}-${at}`;
  const position: Position = {
    id,
    symbol,
    side,
    qty,
    entryPrice: fill,
    leverage,
    marginMode: 'isolated',
    margin,
    unrealisedPnl: profitAt(side, cost, bookValue(open, qty)),
    realisedGross: ZERO_USD,
    fees: bookShare(cost, rates.fee),
    funding: ZERO_USD,
    ...(liquidation === undefined ? {} : { liquidationPrice: liquidation.at }),
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
    cost,
    liquidation,
    excursion: { worst: filled, best: filled },
    candles: 0,
  };
}

/** What the holding is worth at a price of its contract. */
export const valueAt = ({ position, instrument }: Holding, price: number): Usd =>
  bookValue(priceFromNumber(price, instrument.tick, 'half-even'), position.qty);

export const withFunding = (holding: Holding, received: Usd): Holding => ({
  ...holding,
  position: { ...holding.position, funding: add(holding.position.funding, received) },
});

export interface HoldingExit {
  readonly price: Price;
  readonly reason: ExitReason;
}

const bracketOf = ({ position, entry }: Holding) => ({
  side: position.side,
  stop: toNumber(entry.stop),
  target: toNumber(entry.target),
});

/**
 * What the first price of a candle does to the holding: taken over by the exchange, or out at that price when it lies beyond stop
 * or target. Undefined while it stays open.
 */
export function exitAtOpen(holding: Holding, open: number, rates: Rates): HoldingExit | undefined {
  const { position, instrument, liquidation, excursion } = holding;
  const long = position.side === 'long';
  const first = priceFromNumber(open, instrument.tick, 'half-even');
  if (liquidation !== undefined && (long ? first <= liquidation.at : first >= liquidation.at)) {
    widen(excursion, open, open);
    const price = long ? max(first, liquidation.bankrupt) : min(first, liquidation.bankrupt);
    return { price, reason: 'liquidation' };
  }
  const touch = bracketExit(bracketOf(holding), { open, high: open, low: open });
  if (touch === undefined) return undefined;
  widen(excursion, open, open);
  const order = { buys: !long, slippage: rates.gapSlippage, tick: instrument.tick };
  return { price: marketFill(first, order), reason: touch.reason };
}

/** Where the holding ends within the candle, stop first, with slippage; undefined while it stays open. */
export function exitWithin(holding: Holding, span: Span, rates: Rates): HoldingExit | undefined {
  const { position, instrument, excursion } = holding;
  const touch = bracketExit(bracketOf(holding), span);
  if (touch === undefined) {
    widen(excursion, span.low, span.high);
    return undefined;
  }
  widen(excursion, touch.price, touch.price);
  const level = priceFromNumber(touch.price, instrument.tick, 'half-even');
  const { slippage } = rates;
  const order = { buys: position.side === 'short', slippage, tick: instrument.tick };
  return { price: marketFill(level, order), reason: touch.reason };
}

/** Out at the close by a market order, because its strategy leaves it after so many candles. */
export function exitAtClose(
  { position, instrument }: Holding,
  close: number,
  { slippage }: Rates,
): HoldingExit {
  const { tick } = instrument;
  const order = { buys: position.side === 'short', slippage, tick };
  return { price: marketFill(priceFromNumber(close, tick, 'half-even'), order), reason: 'time' };
}

/** The holding at a price of its contract. */
export function marked(holding: Holding, price: number, at: Timestamp): Holding {
  const { position, cost } = holding;
  const unrealisedPnl = profitAt(position.side, cost, valueAt(holding, price));
  return { ...holding, position: { ...position, unrealisedPnl, updatedAt: at } };
}

/** When a holding ended: the candle, and the moment that pauses after a loss count from. */
export interface ExitTime {
  readonly candle: Timestamp;
  readonly at: Timestamp;
}

export interface Closing {
  readonly trade: Trade;
  readonly closed: ClosedPosition;
  /** What reaches the wallet: price profit less the exit fee. */
  readonly proceeds: Usd;
}

export function closeHolding(
  holding: Holding,
  exit: HoldingExit & { readonly time: ExitTime },
  rates: Rates,
): Closing {
  const { position, cost } = holding;
  const { price, reason, time } = exit;
  const value = bookValue(price, position.qty);
  const gross = profitAt(position.side, cost, value);
  const liquidated = reason === 'liquidation';
  const fullFee = bookShare(value, rates.fee);
  // A position that is taken over loses its margin and no more.
  const left = max(add(position.margin, gross), ZERO_USD);
  const fee = liquidated ? min(fullFee, left) : fullFee;
  const fees = add(position.fees, fee);
  const net = add(sub(gross, fees), position.funding);
  const { id, symbol, side, leverage, funding, openedAt, entryPrice } = position;
  const own = { id, symbol, side, leverage, fees, funding, gross, net, liquidated, openedAt };
  return {
    trade: tradeOf(holding, { price, reason, at: time.candle }, { fees, net }),
    closed: {
      ...own,
      maxQty: position.qty,
      entryPrice,
      closePrice: price,
      closedAt: time.at,
    },
    proceeds: sub(gross, fee),
  };
}

function tradeOf(
  holding: Holding,
  exit: HoldingExit & { readonly at: Timestamp },
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
    ...(holding.score === undefined ? {} : { score: holding.score }),
    ...excursionOf(holding.excursion, position.side, entryPrice),
  };
}
