import { minDec, type Dec } from '../../decimal.ts';
import { refusal } from '../../venue-error.ts';
import type { Account, MarginMode, Order, Position, PositionMode } from '../account.ts';
import { balanceOf, initialMargin, liquidationLine, spendable } from './book.ts';
import {
  instrumentAt,
  instrumentOf,
  nextId,
  quoteOf,
  type EngineContext,
  type Desk,
} from '../context.ts';
import { fillOrder, targetOf } from './fill.ts';
import { checkLegs, legOf, referenceOf, type LegsRequest } from '../protections/legs.ts';
import { checkCost, checkPrice, checkQuantity } from './order-checks.ts';
import { withdrawOrder } from './order-end.ts';
import { checkCrossing, execute, settingOf, takerPrice } from './place-order.ts';

export interface OrderRef {
  readonly orderId: string | undefined;
  readonly clientId: string | undefined;
}

/** The open order of a reference; the order id wins when both are given. */
export function openOrder(account: Account, ref: OrderRef): Order {
  const id = ref.orderId ?? account.clientIds.get(ref.clientId ?? '');
  const order = id === undefined ? undefined : account.orders.get(id);
  if (order === undefined) throw refusal(20007);
  return order;
}

export function cancelOrder(desk: Desk, ref: OrderRef): Order {
  const { ctx, account } = desk;
  const order = openOrder(account, ref);
  withdrawOrder(desk, order);
  ctx.emit(account, { kind: 'balance' });
  return order;
}

/** Gives a resting limit order another size and price, and other legs when some are sent. */
export function modifyOrder(
  desk: Desk,
  change: OrderRef & LegsRequest & { readonly qty: Dec; readonly price: Dec },
): Order {
  const { ctx, account } = desk;
  const order = openOrder(account, change);
  if (order.type !== 'LIMIT') throw refusal(30011);
  checkQuantity(ctx, { index: order.index, qty: change.qty, type: 'LIMIT' }, false);
  if (change.qty <= order.filled) throw refusal(10002);
  checkPrice(ctx, order.index, { price: change.price, buys: order.buys });
  const at = referenceOf(order.index, order.positionSide, quoteOf(ctx, order.index));
  checkLegs(ctx, change, { ...at, resting: change.price });
  const before = { qty: order.qty, price: order.price, frozen: order.frozen };
  Object.assign(order, { qty: closableQty(account, order, change.qty), price: change.price });
  order.frozen = 0n;
  try {
    order.frozen = checkCost(desk, order);
    checkCrossing(desk, order);
  } catch (error) {
    Object.assign(order, before);
    throw error;
  }
  order.tp = legOf(change.tp, undefined) ?? order.tp;
  order.sl = legOf(change.sl, undefined) ?? order.sl;
  order.mtime = ctx.time;
  ctx.emit(account, { kind: 'order', event: 'UPDATE', order });
  ctx.emit(account, { kind: 'balance' });
  execute(desk, order);
  return order;
}

/** What an order that can only close may be modified to: no more than its position holds beyond what it has filled. */
function closableQty(account: Account, order: Order, qty: Dec): Dec {
  if (order.intent !== 'close' && !order.reduceOnly) return qty;
  const most = order.filled + (targetOf(account, order)?.qty ?? 0n);
  if (order.intent === 'close' && qty > most) throw refusal(20008);
  return minDec(qty, most);
}

/** An order that the venue itself makes against a position: triggered stops, flash closes, liquidations, deleveraging. */
export function closingOrder(
  ctx: EngineContext,
  position: Position,
  how: {
    readonly qty: Dec;
    readonly price?: Dec;
    readonly effect?: Order['effect'];
    readonly adl?: true;
  },
): Order {
  const long = position.side === 'LONG';
  return {
    id: nextId(ctx, 'order'),
    clientId: undefined,
    symbol: position.symbol,
    index: position.index,
    side: (position.positionMode === 'HEDGE') === long ? 'BUY' : 'SELL',
    buys: !long,
    positionSide: position.side,
    intent: 'close',
    positionId: position.id,
    type: how.price === undefined ? 'MARKET' : 'LIMIT',
    price: how.price,
    effect: how.effect ?? 'GTC',
    qty: how.qty,
    filled: 0n,
    filledValue: 0n,
    fee: 0n,
    realized: 0n,
    frozen: 0n,
    reduceOnly: true,
    leverage: position.leverage,
    marginMode: position.marginMode,
    positionMode: position.positionMode,
    status: 'NEW',
    ...(how.adl === undefined ? {} : { adl: how.adl }),
    tp: undefined,
    sl: undefined,
    ctime: ctx.time,
    mtime: ctx.time,
  };
}

/** Closes a quantity of a position at market, through an order of its own. */
export function closeAtMarket(desk: Desk, position: Position, qty = position.qty): Order {
  const { ctx, account } = desk;
  const order = closingOrder(ctx, position, { qty });
  account.orders.set(order.id, order);
  ctx.emit(account, { kind: 'order', event: 'CREATE', order });
  fillOrder(desk, order, { qty, price: takerPrice(ctx, order), role: 'TAKER' });
  return order;
}

export function flashClose(desk: Desk, positionId: string): void {
  const { account } = desk;
  const position = account.positions.get(positionId);
  if (position === undefined) throw refusal(30004);
  if (!mayLeave(desk, position)) throw refusal(desk.ctx.quirks.closedSymbolCode);
  closeAtMarket(desk, position);
}

/** Whether the API may close a position of its contract. */
function mayLeave({ ctx }: Desk, { index }: Position): boolean {
  return ctx.quirks.closedSymbolExit === 'allow' || instrumentAt(ctx, index).isApiSupported;
}

export function closeAll(desk: Desk, symbol: string | undefined): void {
  for (const position of desk.account.positions.values()) {
    if ((symbol === undefined || position.symbol === symbol) && mayLeave(desk, position))
      closeAtMarket(desk, position);
  }
}

/** What a position would lock at another leverage: its initial margin there, and all that was added by hand. */
function marginAt(position: Position, leverage: number): Dec {
  const { entryValue, margin } = position;
  const added = margin - initialMargin(entryValue, position.leverage);
  return initialMargin(entryValue, leverage) + added;
}

/** Whether the mark price is already where an isolated position is liquidated. */
function isPastLiquidation(desk: Desk, position: Position): boolean {
  if (position.marginMode !== 'ISOLATION') return false;
  const line = liquidationLine(desk, position);
  if (line === undefined) return false;
  const { mark } = quoteOf(desk.ctx, position.index);
  return line.side === 'below' ? mark <= line.price : mark >= line.price;
}

/** Changes the leverage of a contract; positions in it lock their margin at the new one. */
export function changeLeverage(desk: Desk, change: { symbol: string; leverage: number }): void {
  const { ctx, account } = desk;
  const { instrument } = instrumentOf(ctx, change.symbol);
  const { leverage } = change;
  if (!Number.isInteger(leverage) || leverage < 1 || leverage > instrument.maxLeverage)
    throw refusal(20005);
  for (const order of account.orders.values())
    if (order.symbol === instrument.symbol) throw refusal(20006);
  const held = [...account.positions.values()].filter(
    (position) => position.symbol === instrument.symbol,
  );
  const margins = held.map((position) => marginAt(position, leverage));
  const more = held.reduce((sum, position, at) => sum + (margins[at] ?? 0n) - position.margin, 0n);
  if (more > 0n && more > spendable(balanceOf(desk))) throw refusal(20003);
  const before = held.map((position) => ({ leverage: position.leverage, margin: position.margin }));
  held.forEach((position, at) => Object.assign(position, { leverage, margin: margins[at] }));
  if (held.some((position) => isPastLiquidation(desk, position))) {
    held.forEach((position, at) => Object.assign(position, before[at]));
    throw refusal(30001);
  }
  for (const position of held) {
    position.mtime = ctx.time;
    ctx.emit(account, { kind: 'position', event: 'UPDATE', position });
  }
  if (held.length > 0) ctx.emit(account, { kind: 'balance' });
  const { marginMode } = settingOf(desk, instrument.symbol);
  account.settings.set(instrument.symbol, { leverage, marginMode });
}

export function changeMarginMode(
  desk: Desk,
  change: { symbol: string; marginMode: MarginMode },
): void {
  const { ctx, account } = desk;
  const { instrument } = instrumentOf(ctx, change.symbol);
  const busy = [...account.orders.values(), ...account.positions.values()].some(
    (one) => one.symbol === instrument.symbol,
  );
  if (busy) throw refusal(20006);
  const { leverage } = settingOf(desk, instrument.symbol);
  account.settings.set(instrument.symbol, { leverage, marginMode: change.marginMode });
}

export function changePositionMode({ ctx, account }: Desk, positionMode: PositionMode): void {
  if (account.orders.size > 0 || account.positions.size > 0)
    throw refusal(ctx.quirks.positionModeCode);
  account.positionMode = positionMode;
}

/** Adds margin to an isolated position or takes some out; never below its initial margin, never past liquidation. */
export function adjustMargin(desk: Desk, position: Position, amount: Dec): void {
  const { ctx, account } = desk;
  if (position.marginMode !== 'ISOLATION') throw refusal(10002);
  if (amount > 0n && amount > spendable(balanceOf(desk))) throw refusal(20003);
  const margin = position.margin + amount;
  if (margin < initialMargin(position.entryValue, position.leverage)) throw refusal(20008);
  const before = position.margin;
  position.margin = margin;
  if (isPastLiquidation(desk, position)) {
    position.margin = before;
    throw refusal(30001);
  }
  position.mtime = ctx.time;
  ctx.emit(account, { kind: 'position', event: 'UPDATE', position });
  ctx.emit(account, { kind: 'balance' });
}
