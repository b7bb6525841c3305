import { dec, fitsDecimals, formatDec, maxDec, mulDec, roundDec, type Dec } from '../../decimal.ts';
import { statusAt, tierFor } from '../../market/instrument.ts';
import { refusal } from '../../venue-error.ts';
import type { Account, Order } from '../account.ts';
import {
  balanceOf,
  crossBalance,
  initialMargin,
  maintenanceOf,
  notional,
  profitOf,
  spendable,
} from './book.ts';
import { instrumentAt, quoteOf, type EngineContext, type Desk } from '../context.ts';
import { targetOf } from './fill.ts';

const ONE = 10n ** 12n;
/** How far below mark a buy, and above it a sell, may rest: the same for every contract. */
export const MIN_BUY_OFFSET = dec('-0.95');
export const MAX_SELL_OFFSET = dec('100');

/** Refuses a contract that cannot be traded through the API, whatever the reason. */
export function checkTradable(ctx: EngineContext, index: number): void {
  const instrument = instrumentAt(ctx, index);
  if (!instrument.isApiSupported || statusAt(instrument, ctx.time) !== 'OPEN')
    throw refusal(ctx.quirks.closedSymbolCode);
}

/** Refuses a size outside the contract's step and limits. `whole` lets the rest of a position go however small it is. */
export function checkQuantity(
  ctx: EngineContext,
  order: {
    readonly index: number;
    readonly qty: Dec;
    readonly type: Order['type'];
  },
  whole: boolean,
): void {
  const instrument = instrumentAt(ctx, order.index);
  if (order.qty <= 0n) throw refusal(30016, '0');
  if (!fitsDecimals(order.qty, instrument.basePrecision)) throw refusal(ctx.quirks.precisionCode);
  if (order.qty < instrument.minQty && !whole) throw refusal(30017, formatDec(instrument.minQty));
  if (order.type === 'MARKET' && order.qty > instrument.maxMarketQty)
    throw refusal(30039, formatDec(instrument.maxMarketQty));
  if (order.qty > instrument.maxLimitQty) throw refusal(30013);
}

/** Refuses a limit price off the tick or outside the bounds around mark. */
export function checkPrice(
  ctx: EngineContext,
  index: number,
  order: { readonly price: Dec; readonly buys: boolean },
): void {
  const { quotePrecision, priceProtect } = instrumentAt(ctx, index);
  const { mark } = quoteOf(ctx, index);
  const { price, buys } = order;
  if (price <= 0n || !fitsDecimals(price, quotePrecision)) throw refusal(ctx.quirks.precisionCode);
  const at = (offset: Dec): Dec => roundDec(mulDec(mark, ONE + offset), quotePrecision);
  const both = ctx.quirks.priceBand === 'both';
  const highest = at(buys || both ? priceProtect : MAX_SELL_OFFSET);
  const lowest = at(!buys || both ? -priceProtect : MIN_BUY_OFFSET);
  if (price > highest) throw refusal(30014, formatDec(highest));
  if (price < lowest) throw refusal(30015, formatDec(lowest));
}

/** How much of an order would open or enlarge a position, at most. */
export function openingQty(account: Account, order: Order): Dec {
  const left = order.qty - order.filled;
  if (order.intent === 'close' || order.reduceOnly) return 0n;
  if (order.intent === 'open') return left;
  return maxDec(0n, left - (targetOf(account, order)?.qty ?? 0n));
}

/** Refuses an order that the risk tier or the balance does not carry; returns the margin that it locks while resting. */
export function checkCost(desk: Desk, order: Order): Dec {
  const { ctx, account } = desk;
  const opening = openingQty(account, order);
  if (opening === 0n) return 0n;
  const price = order.price ?? quoteOf(ctx, order.index).last;
  const value = notional(opening, price);
  checkTier(desk, order, value);
  const margin = initialMargin(value, order.leverage);
  const fee = mulDec(value, account.feeTaker);
  if (margin + fee > spendable(balanceOf(desk))) throw refusal(20003);
  return margin;
}

/** Refuses an order whose fill at this price would be liquidated at once. */
export function checkSurvival(desk: Desk, order: Order, price: Dec): void {
  const { ctx, account } = desk;
  const qty = openingQty(account, order);
  if (qty === 0n) return;
  const { mark } = quoteOf(ctx, order.index);
  const cost = notional(qty, price);
  const gain = notional(qty, mark) - cost;
  let have =
    order.marginMode === 'ISOLATION' ? initialMargin(cost, order.leverage) : crossBalance(account);
  have += order.buys ? gain : -gain;
  let entry = cost;
  let held = qty;
  let need = 0n;
  for (const position of account.positions.values()) {
    const same = position.index === order.index && (position.side === 'LONG') === order.buys;
    if (!same && (order.marginMode === 'ISOLATION' || position.marginMode === 'ISOLATION'))
      continue;
    have += profitOf(ctx, position);
    if (!same) need += maintenanceOf(ctx, position);
    else {
      entry += position.entryValue;
      held += position.qty;
      if (order.marginMode === 'ISOLATION') have += position.margin;
    }
  }
  const { maintenance } = tierFor(instrumentAt(ctx, order.index), entry);
  need += mulDec(notional(held, mark), maintenance);
  if (have <= need) throw refusal(30001);
}

function checkTier(desk: Desk, order: Order, value: Dec): void {
  const { ctx, account } = desk;
  let total = value;
  for (const position of account.positions.values()) {
    if (position.index === order.index && (position.side === 'LONG') === order.buys)
      total += position.entryValue;
  }
  for (const other of account.orders.values()) {
    if (other.index !== order.index || other.buys !== order.buys || other.id === order.id) continue;
    total += notional(openingQty(account, other), other.price ?? 0n);
  }
  const tiers = instrumentAt(ctx, order.index).tiers.filter(
    (tier) => tier.leverage >= order.leverage,
  );
  const limit = tiers.at(-1)?.end ?? 0n;
  if (total > limit) throw refusal(20002);
}
