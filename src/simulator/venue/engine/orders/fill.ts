import { divDec, minDec, money, mulDec, type Dec } from '../../decimal.ts';
import type { Account, Order, Position } from '../account.ts';
import { bookMoney, initialMargin, notional } from './book.ts';
import { nextId, type EngineContext, type Desk } from '../context.ts';
import { attachLegs } from '../protections/attached-legs.ts';
import { endOrder, withdrawOrder } from './order-end.ts';
import { positionGone } from '../positions/position-end.ts';
import { remember } from '../remember.ts';

/** What a fill is to do. */
export interface Fill {
  readonly qty: Dec;
  readonly price: Dec;
  readonly role: 'TAKER' | 'MAKER';
  /** Overrides the fee: a liquidation takes no more than what is left. */
  readonly feeCap?: Dec;
}

interface Booked {
  readonly position: Position;
  readonly qty: Dec;
  readonly realized: Dec;
  readonly event: 'OPEN' | 'UPDATE' | 'CLOSE';
  readonly opens: boolean;
}

/**
 * Books a fill of an order: position, fee, trade, order status, attached legs, events. In one-way mode a fill first
 * reduces the opposite position and opens with the rest. What can only close fills no more than there is to close; with nothing
 * to close it is cancelled by the system.
 */
export function fillOrder(desk: Desk, order: Order, asked: Fill): void {
  const { ctx, account } = desk;
  const fill = { ...asked, qty: fillable(account, order, asked.qty) };
  if (fill.qty <= 0n) {
    withdrawOrder(desk, order, 'system');
    ctx.emit(account, { kind: 'balance' });
    return;
  }
  const rate = fill.role === 'TAKER' ? account.feeTaker : account.feeMaker;
  const fullFee = money(mulDec(notional(fill.qty, fill.price), rate));
  const fee = fill.feeCap === undefined ? fullFee : minDec(fullFee, fill.feeCap);
  const booked = bookPositions(desk, order, fill);
  const done = booked.reduce((sum, part) => sum + part.realized, 0n);
  chargeFee(booked, { fee, qty: fill.qty });
  bookMoney(account, { realized: done, fee });
  recordTrade(desk, { order, fill, fee, realized: done });
  settleOrder(order, { fill, fee, realized: done, time: ctx.time });
  const complete = order.filled >= order.qty;
  order.status = complete ? 'FILLED' : 'PART_FILLED';
  if (complete) endOrder(desk, order);
  else ctx.emit(account, { kind: 'order', event: 'UPDATE', order });
  for (const { position, qty, event, opens } of booked) {
    ctx.emit(account, { kind: 'position', event, position });
    if (event === 'CLOSE') positionGone(desk, position);
    const legs = order.tp !== undefined || order.sl !== undefined;
    if (opens && legs) attachLegs(desk, { order, position, qty });
  }
  ctx.emit(account, { kind: 'balance' });
}

/** How much of a quantity an order may still fill: a closing one no more than its position holds now. */
function fillable(account: Account, order: Order, qty: Dec): Dec {
  const closes = order.intent === 'close' || order.reduceOnly;
  return closes ? minDec(qty, targetOf(account, order)?.qty ?? 0n) : qty;
}

function bookPositions(desk: Desk, order: Order, fill: Fill): Booked[] {
  const { account } = desk;
  if (order.intent === 'open') return [addTo(desk, order, fill)];
  const target = targetOf(account, order);
  const closing = target === undefined ? 0n : minDec(fill.qty, target.qty);
  const parts: Booked[] = [];
  if (target !== undefined && closing > 0n)
    parts.push(reduce(desk, target, { qty: closing, price: fill.price }));
  const rest = fill.qty - closing;
  if (rest > 0n) parts.push(addTo(desk, order, { ...fill, qty: rest }));
  return parts;
}

/** The position that an order would reduce. */
export function targetOf(account: Account, order: Order): Position | undefined {
  if (order.intent === 'close')
    return order.positionId === undefined ? undefined : account.positions.get(order.positionId);
  for (const position of account.positions.values()) {
    if (position.index === order.index && (position.side === 'SHORT') === order.buys)
      return position;
  }
  return undefined;
}

function addTo(desk: Desk, order: Order, fill: Fill): Booked {
  const { ctx, account } = desk;
  const cost = notional(fill.qty, fill.price);
  const side = order.buys ? 'LONG' : 'SHORT';
  let position: Position | undefined;
  for (const one of account.positions.values())
    if (one.index === order.index && one.side === side) position = one;
  const event = position === undefined ? 'OPEN' : 'UPDATE';
  position ??= newPosition(ctx, order, side);
  position.qty += fill.qty;
  position.entryValue += cost;
  position.openedQty += fill.qty;
  position.openedValue += cost;
  position.margin += initialMargin(cost, position.leverage);
  if (position.qty > position.maxQty) position.maxQty = position.qty;
  position.mtime = ctx.time;
  account.positions.set(position.id, position);
  return { position, qty: fill.qty, realized: 0n, event, opens: true };
}

function newPosition(ctx: EngineContext, order: Order, side: Position['side']): Position {
  return {
    id: nextId(ctx, 'position'),
    symbol: order.symbol,
    index: order.index,
    side,
    positionMode: order.positionMode,
    marginMode: order.marginMode,
    leverage: order.leverage,
    qty: 0n,
    entryValue: 0n,
    margin: 0n,
    fee: 0n,
    funding: 0n,
    realized: 0n,
    maxQty: 0n,
    openedQty: 0n,
    openedValue: 0n,
    closedQty: 0n,
    closedValue: 0n,
    liqQty: 0n,
    liqPrice: 0n,
    ctime: ctx.time,
    mtime: ctx.time,
  };
}

function reduce(
  desk: Desk,
  position: Position,
  part: { readonly qty: Dec; readonly price: Dec },
): Booked {
  const { ctx, account } = desk;
  const whole = part.qty >= position.qty;
  const share = (value: Dec): Dec =>
    whole ? value : money(divDec(mulDec(value, part.qty), position.qty));
  const cost = share(position.entryValue);
  const margin = share(position.margin);
  const value = notional(part.qty, part.price);
  const realized = position.side === 'LONG' ? value - cost : cost - value;
  position.qty -= part.qty;
  position.entryValue -= cost;
  position.margin -= margin;
  position.realized += realized;
  position.closedQty += part.qty;
  position.closedValue += value;
  position.mtime = ctx.time;
  if (whole) {
    account.positions.delete(position.id);
    remember(account.positionHistory, position);
  }
  return { position, qty: part.qty, realized, event: whole ? 'CLOSE' : 'UPDATE', opens: false };
}

/** Each position bears the share of the fee that its part of the fill has; the last one what rounding leaves. */
function chargeFee(
  booked: readonly Booked[],
  whole: { readonly fee: Dec; readonly qty: Dec },
): void {
  let left = whole.fee;
  booked.forEach(({ position, qty }, at) => {
    const last = at === booked.length - 1;
    const share = last ? left : money(divDec(mulDec(whole.fee, qty), whole.qty));
    position.fee += share;
    left -= share;
  });
}

function settleOrder(
  order: Order,
  part: { readonly fill: Fill; readonly fee: Dec; readonly realized: Dec; readonly time: number },
): void {
  const left = order.qty - order.filled;
  const rest = left - part.fill.qty;
  order.frozen = rest <= 0n || left === 0n ? 0n : money(divDec(mulDec(order.frozen, rest), left));
  order.filled += part.fill.qty;
  order.filledValue += notional(part.fill.qty, part.fill.price);
  order.fee += part.fee;
  order.realized += part.realized;
  order.mtime = part.time;
}

function recordTrade(
  desk: Desk,
  part: { readonly order: Order; readonly fill: Fill; readonly fee: Dec; readonly realized: Dec },
): void {
  const { ctx, account } = desk;
  const { order, fill } = part;
  const side = order.buys ? 'BUY' : 'SELL';
  remember(account.trades, {
    id: nextId(ctx, 'trade'),
    orderId: order.id,
    symbol: order.symbol,
    qty: fill.qty,
    price: fill.price,
    side,
    ...(order.side === side ? {} : { requested: order.side }),
    orderType: order.type,
    reduceOnly: order.reduceOnly,
    positionMode: order.positionMode,
    marginMode: order.marginMode,
    leverage: order.leverage,
    fee: part.fee,
    realized: part.realized,
    time: ctx.time,
    role: fill.role,
  });
}
