import { fitsDecimals, maxDec, mulDec, type Dec } from '../decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import { refusal } from '../venue-error.ts';
import type { Account, Order } from './account.ts';
import { balanceOf, initialMargin, notional, spendable } from './book.ts';
import { instrumentAt, quoteOf, type EngineContext, type Desk } from './context.ts';
import { targetOf } from './fill.ts';

const ONE = 10n ** 12n;

/** Refuses a contract that cannot be traded through the API, whatever the reason. */
export function checkTradable(ctx: EngineContext, index: number): void {
  const instrument = instrumentAt(ctx, index);
  if (!instrument.isApiSupported || instrument.status !== 'OPEN')
    throw refusal(ctx.quirks.closedSymbolCode);
}

/** Refuses a size outside the contract's step and limits. `whole` lets the rest of a position go however small it is. */
export function checkQuantity(
  instrument: Instrument,
  order: { readonly qty: Dec; readonly type: Order['type'] },
  whole: boolean,
): void {
  if (order.qty <= 0n) throw refusal(10002);
  if (!fitsDecimals(order.qty, instrument.basePrecision)) throw refusal(10002);
  if (order.qty < instrument.minQty && !whole) throw refusal(30017);
  if (order.type === 'MARKET' && order.qty > instrument.maxMarketQty) throw refusal(30039);
  if (order.qty > instrument.maxLimitQty) throw refusal(30013);
}

/** Refuses a limit price off the tick or outside the protection band around mark. */
export function checkPrice(
  ctx: EngineContext,
  index: number,
  order: { readonly price: Dec; readonly buys: boolean },
): void {
  const instrument = instrumentAt(ctx, index);
  const { mark } = quoteOf(ctx, index);
  if (order.price <= 0n || !fitsDecimals(order.price, instrument.quotePrecision))
    throw refusal(10002);
  if (order.buys && order.price > mulDec(mark, ONE + instrument.priceProtect)) throw refusal(30014);
  if (!order.buys && order.price < mulDec(mark, ONE - instrument.priceProtect))
    throw refusal(30015);
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
