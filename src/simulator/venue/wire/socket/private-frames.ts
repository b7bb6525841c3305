import { formatDec } from '../../decimal.ts';
import type {
  AccountEvent,
  Order,
  Position,
  Tpsl,
  ConditionalOrder,
} from '../../engine/account.ts';
import { balanceOf, profitOf } from '../../engine/orders/book.ts';
import { instrumentAt, type EngineContext, type Desk } from '../../engine/context.ts';
import { average, sideOfOrder, sourceOf, type Row } from '../routes/rows.ts';

/** A frame of the private stream without its send time. */
export interface PrivateFrame {
  readonly ch: 'balance' | 'position' | 'order' | 'tpsl';
  readonly data: Row | Row[];
}

/** ISO time with nanoseconds, as the stream prints it. */
function isoNanos(time: number): string {
  return new Date(time).toISOString().replace('Z', '000000Z');
}

function title(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}

/** The frame of an event, with the account as it stands at that moment. */
export function privateFrame(desk: Desk, event: AccountEvent): PrivateFrame {
  const data = dataOf(desk, event);
  return { ch: event.kind, data: desk.ctx.quirks.privateData === 'list' ? [data] : data };
}

function dataOf(desk: Desk, event: AccountEvent): Row {
  const { ctx } = desk;
  switch (event.kind) {
    case 'balance':
      return balanceData(desk);
    case 'position':
      return positionData(ctx, event.position, event.event);
    case 'order':
      return orderData(ctx, event.order, event.event);
    case 'tpsl':
      return tpslData(desk, event.tpsl, event.event);
  }
}

function balanceData(desk: Desk): Row {
  const balance = balanceOf(desk);
  return {
    coin: 'USDT',
    available: formatDec(balance.available),
    frozen: formatDec(balance.frozen),
    isolationFrozen: formatDec(balance.isolatedFrozen),
    crossFrozen: formatDec(balance.frozen - balance.isolatedFrozen),
    margin: formatDec(balance.margin),
    isolationMargin: formatDec(balance.isolatedMargin),
    crossMargin: formatDec(balance.margin - balance.isolatedMargin),
    expMoney: '0',
  };
}

function positionData(ctx: EngineContext, position: Position, event: string): Row {
  return {
    event,
    positionId: position.id,
    marginMode: position.marginMode,
    positionMode: position.positionMode,
    side: position.side,
    leverage: String(position.leverage),
    margin: formatDec(position.margin),
    ctime: isoNanos(position.ctime),
    qty: formatDec(position.qty),
    entryValue: formatDec(position.entryValue),
    symbol: position.symbol,
    realizedPNL: formatDec(position.realized - position.fee + position.funding),
    unrealizedPNL: position.qty === 0n ? '0' : formatDec(profitOf(ctx, position)),
    funding: formatDec(position.funding),
    fee: formatDec(position.fee),
  };
}

function stopTitle(leg: ConditionalOrder): string {
  return leg.stopType === 'MARK_PRICE' ? 'Mark' : 'Last';
}

/** The stop-loss part is left out unless the venue is set to: nobody has seen it on the live stream. */
function orderData(ctx: EngineContext, order: Order, event: string): Row {
  const instrument = instrumentAt(ctx, order.index);
  return {
    event,
    orderId: order.id,
    symbol: order.symbol,
    positionType: order.marginMode,
    positionMode: order.positionMode,
    side: title(sideOfOrder(ctx, order)),
    effect: ctx.quirks.orderFrameEffect === 'direction' ? order.positionSide : order.effect,
    type: title(order.type),
    qty: formatDec(order.qty),
    reductionOnly: order.reduceOnly,
    price: order.price === undefined ? '0' : formatDec(order.price),
    ctime: isoNanos(order.ctime),
    mtime: isoNanos(order.mtime),
    leverage: String(order.leverage),
    orderStatus: order.status === 'SYSTEM_CANCELED' ? 'CANCELED' : order.status,
    fee: formatDec(order.fee),
    averagePrice: formatDec(average(instrument, order.filledValue, order.filled)),
    dealAmount: formatDec(order.filled),
    clientId: order.clientId ?? '',
    ...sourceOf(ctx, order),
    ...legData('tp', order.tp),
    ...(ctx.quirks.orderFrameStops ? legData('sl', order.sl) : {}),
  };
}

function legData(prefix: 'tp' | 'sl', leg: ConditionalOrder | undefined): Row {
  if (leg === undefined) return {};
  return {
    ...(leg.qty === undefined ? {} : { [`${prefix}Qty`]: formatDec(leg.qty) }),
    [`${prefix}StopType`]: stopTitle(leg),
    [`${prefix}Price`]: formatDec(leg.price),
    [`${prefix}OrderType`]: title(leg.orderType),
    ...(leg.orderPrice === undefined ? {} : { [`${prefix}OrderPrice`]: formatDec(leg.orderPrice) }),
  };
}

function tpslData({ ctx, account }: Desk, tpsl: Tpsl, event: string): Row {
  const { tpslFrameSide, tpslFrameType } = ctx.quirks;
  const position =
    account.positions.get(tpsl.positionId) ??
    account.positionHistory.find((one) => one.id === tpsl.positionId);
  return {
    event,
    positionId: tpsl.positionId,
    orderId: tpsl.id,
    symbol: tpsl.symbol,
    leverage: String(position?.leverage ?? 1),
    side: (position?.side === 'SHORT') === (tpslFrameSide === 'closing') ? 'Buy' : 'Sell',
    positionMode: position?.positionMode ?? account.positionMode,
    status: tpsl.status,
    ctime: isoNanos(tpsl.ctime),
    type: tpslFrameType === 'kind' ? tpsl.kind : (tpsl.sl ?? tpsl.tp)?.orderType,
    ...legData('tp', tpsl.tp),
    ...legData('sl', tpsl.sl),
  };
}
