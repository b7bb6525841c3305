import { fitsDecimals, minDec, type Dec } from '../../decimal.ts';
import { refusal } from '../../venue-error.ts';
import type { Account, Position, Tpsl, ConditionalOrder } from '../account.ts';
import { liquidationLine } from '../orders/book.ts';
import { instrumentAt, nextId, quoteOf, type EngineContext, type Desk } from '../context.ts';
import { fillOrder } from '../orders/fill.ts';
import { checkLegs, legOf, referenceOf, type LegsRequest } from './legs.ts';
import { closeAtMarket, closingOrder } from '../orders/order-actions.ts';
import { armTpsl, endTpsl } from './tpsl-life.ts';

export function positionOf(account: Account, positionId: string, symbol?: string): Position {
  const position = account.positions.get(positionId);
  if (position === undefined || (symbol !== undefined && position.symbol !== symbol))
    throw refusal(30004);
  return position;
}

function checkAgainst(desk: Desk, position: Position, legs: LegsRequest): void {
  const { ctx } = desk;
  const line = liquidationLine(desk, position);
  const at = referenceOf(position.index, position.side, quoteOf(ctx, position.index));
  checkLegs(ctx, legs, { ...at, liquidation: line?.price });
}

function checkSize(ctx: EngineContext, position: Position, qty: Dec | undefined): void {
  if (qty === undefined) throw refusal(10002);
  if (qty <= 0n) throw refusal(30016, '0');
  if (!fitsDecimals(qty, instrumentAt(ctx, position.index).basePrecision))
    throw refusal(ctx.quirks.precisionCode);
  if (qty > position.qty) throw refusal(30038);
}

function newTpsl(
  ctx: EngineContext,
  position: Position,
  parts: Pick<Tpsl, 'kind' | 'tp' | 'sl'>,
): Tpsl {
  return {
    id: nextId(ctx, 'tpsl'),
    positionId: position.id,
    symbol: position.symbol,
    index: position.index,
    orderId: undefined,
    status: 'NEW',
    ctime: ctx.time,
    mtime: ctx.time,
    triggerTime: undefined,
    ...parts,
  };
}

function arm(desk: Desk, tpsl: Tpsl): Tpsl {
  armTpsl(desk, tpsl);
  return tpsl;
}

/** A TP/SL order: a part of the position, each leg with its own quantity. */
export function placeTpsl(desk: Desk, position: Position, legs: LegsRequest): Tpsl {
  const { ctx } = desk;
  if (legs.tp === undefined && legs.sl === undefined) throw refusal(30006);
  if (legs.tp !== undefined) checkSize(ctx, position, legs.tp.qty);
  if (legs.sl !== undefined) checkSize(ctx, position, legs.sl.qty);
  checkAgainst(desk, position, legs);
  const parts = { tp: legOf(legs.tp, legs.tp?.qty), sl: legOf(legs.sl, legs.sl?.qty) };
  return arm(desk, newTpsl(ctx, position, { kind: 'TPSL', ...parts }));
}

/** The position's own TP/SL, at most one: the whole position at market. */
export function placePositionTpsl(desk: Desk, position: Position, legs: LegsRequest): Tpsl {
  const { ctx, account } = desk;
  if (legs.tp === undefined && legs.sl === undefined) throw refusal(30006);
  checkAgainst(desk, position, legs);
  if (positionTpsl(account, position) !== undefined) throw refusal(30011);
  const parts = { tp: legOf(legs.tp, undefined), sl: legOf(legs.sl, undefined) };
  return arm(desk, newTpsl(ctx, position, { kind: 'POSITION_TPSL', ...parts }));
}

export function positionTpsl(account: Account, position: Position): Tpsl | undefined {
  for (const tpsl of account.tpsl.values()) {
    if (tpsl.kind === 'POSITION_TPSL' && tpsl.positionId === position.id) return tpsl;
  }
  return undefined;
}

export function openTpsl(account: Account, id: string): Tpsl {
  const tpsl = account.tpsl.get(id);
  if (tpsl === undefined) throw refusal(20007);
  return tpsl;
}

/** Puts other legs in place of the old ones. A leg that is not sent is cleared or kept, as the venue is set. */
export function modifyTpsl(desk: Desk, tpsl: Tpsl, legs: LegsRequest): Tpsl {
  const { ctx, account } = desk;
  if (legs.tp === undefined && legs.sl === undefined) throw refusal(30006);
  const position = positionOf(account, tpsl.positionId);
  checkAgainst(desk, position, legs);
  const sized = tpsl.kind === 'TPSL';
  for (const [leg, old] of [[legs.tp, tpsl.tp] as const, [legs.sl, tpsl.sl] as const]) {
    if (sized && leg !== undefined) checkSize(ctx, position, leg.qty ?? old?.qty);
  }
  const keep = ctx.quirks.omittedLeg === 'keep';
  tpsl.tp =
    legOf(legs.tp, sized ? (legs.tp?.qty ?? tpsl.tp?.qty) : undefined) ??
    (keep ? tpsl.tp : undefined);
  tpsl.sl =
    legOf(legs.sl, sized ? (legs.sl?.qty ?? tpsl.sl?.qty) : undefined) ??
    (keep ? tpsl.sl : undefined);
  tpsl.mtime = ctx.time;
  ctx.emit(account, { kind: 'tpsl', event: 'UPDATE', tpsl });
  return tpsl;
}

export function cancelTpsl(desk: Desk, id: string): void {
  const { account } = desk;
  endTpsl(desk, openTpsl(account, id), 'CANCELED');
}

/** A leg has been touched: its order goes out, the other leg goes with it. */
export function triggerTpsl(desk: Desk, tpsl: Tpsl, leg: ConditionalOrder): void {
  const { ctx, account } = desk;
  const position = account.positions.get(tpsl.positionId);
  if (position === undefined) {
    endTpsl(desk, tpsl, 'FAILED');
    return;
  }
  if (ctx.faults.tpslFails(tpsl.symbol)) {
    endTpsl(desk, tpsl, 'FAILED');
    return;
  }
  const qty = leg.qty === undefined ? position.qty : minDec(leg.qty, position.qty);
  endTpsl(desk, tpsl, 'FILLED');
  if (leg.orderType === 'LIMIT' && leg.orderPrice !== undefined) {
    restingExit(desk, position, { qty, price: leg.orderPrice });
  } else closeAtMarket(desk, position, qty);
}

function restingExit(desk: Desk, position: Position, how: { qty: Dec; price: Dec }): void {
  const { ctx, account } = desk;
  const order = closingOrder(ctx, position, how);
  account.orders.set(order.id, order);
  ctx.emit(account, { kind: 'order', event: 'CREATE', order });
  const { last } = quoteOf(ctx, position.index);
  const crossing = order.buys ? how.price >= last : how.price <= last;
  if (crossing) fillOrder(desk, order, { qty: how.qty, price: last, role: 'TAKER' });
}
