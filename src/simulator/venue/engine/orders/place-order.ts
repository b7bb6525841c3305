import {
  floorDec,
  fromNumber,
  fromTicks,
  minDec,
  mulDec,
  toTicks,
  type Dec,
} from '../../decimal.ts';
import { refusal } from '../../venue-error.ts';
import type {
  Account,
  Effect,
  Order,
  OrderSide,
  OrderType,
  Position,
  SymbolSetting,
} from '../account.ts';
import {
  instrumentAt,
  instrumentOf,
  nextId,
  quoteOf,
  type EngineContext,
  type Desk,
} from '../context.ts';
import { fillOrder } from './fill.ts';
import { checkLegs, legOf, referenceOf, type LegsRequest } from '../protections/legs.ts';
import {
  checkCost,
  checkPrice,
  checkQuantity,
  checkSurvival,
  checkTradable,
} from './order-checks.ts';
import { withdrawOrder } from './order-end.ts';
import { burn } from '../remember.ts';

/** An order as asked for, after the wire's own checks. */
export interface OrderRequest extends LegsRequest {
  readonly symbol: string;
  readonly qty: Dec;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly price: Dec | undefined;
  readonly effect: Effect;
  readonly tradeSide: 'OPEN' | 'CLOSE' | undefined;
  readonly positionId: string | undefined;
  readonly reduceOnly: boolean;
  readonly clientId: string | undefined;
}

const ONE = 10n ** 12n;

export function settingOf(desk: Desk, symbol: string): SymbolSetting {
  const { ctx, account } = desk;
  const known = account.settings.get(symbol);
  if (known !== undefined) return known;
  const { instrument } = instrumentOf(ctx, symbol);
  return { leverage: instrument.defaultLeverage, marginMode: 'CROSS' };
}

/** Accepts an order or refuses it. What can fill at once fills at once; the rest of a GTC order rests. */
export function placeOrder(desk: Desk, request: OrderRequest): Order {
  const { ctx } = desk;
  const { instrument, index } = instrumentOf(ctx, request.symbol);
  if (ctx.faults.happens('delist')) instrument.status = 'STOP';
  checkTradable(ctx, index);
  checkClientId(desk, request);
  const direction = directionOf(desk, request);
  const { position } = direction;
  const { qty, type } = request;
  checkQuantity(ctx, { index, qty, type }, position !== undefined && qty === position.qty);
  if (request.type === 'LIMIT' && request.price === undefined) throw refusal(10002);
  const price = request.type === 'LIMIT' ? request.price : undefined;
  if (price !== undefined) checkPrice(ctx, index, { price, buys: direction.buys });
  const order = newOrder(desk, { request, direction, price, index });
  if (direction.intent !== 'close') checkAttached(ctx, order, request);
  order.frozen = checkCost(desk, order);
  checkCrossing(desk, order);
  accept(desk, order);
  execute(desk, order);
  return order;
}

interface Direction {
  readonly intent: Order['intent'];
  readonly buys: boolean;
  readonly positionSide: Order['positionSide'];
  readonly position: Position | undefined;
}

/** What the request means in the account's position mode. */
function directionOf(desk: Desk, request: OrderRequest): Direction {
  const { ctx, account } = desk;
  const buys = request.side === 'BUY';
  if (account.positionMode === 'ONE_WAY') return oneWay(account, request);
  if (request.tradeSide === undefined) throw refusal(10002);
  if (request.tradeSide === 'OPEN') {
    return { intent: 'open', buys, positionSide: buys ? 'LONG' : 'SHORT', position: undefined };
  }
  if (request.positionId === undefined) throw refusal(10002);
  const position = account.positions.get(request.positionId);
  if (position === undefined || position.symbol !== request.symbol.toUpperCase())
    throw refusal(30004);
  const long = position.side === 'LONG';
  const convention = ctx.quirks.hedgeClose;
  if (convention === 'position' && buys !== long) throw refusal(10002);
  if (convention === 'opposite' && buys === long) throw refusal(10002);
  if (request.qty > position.qty) throw refusal(20008);
  return { intent: 'close', buys: !long, positionSide: position.side, position };
}

function oneWay(account: Account, request: OrderRequest): Direction {
  const buys = request.side === 'BUY';
  const symbol = request.symbol.toUpperCase();
  const position = [...account.positions.values()].find((one) => one.symbol === symbol);
  const opposite =
    position !== undefined && (position.side === 'SHORT') === buys ? position : undefined;
  if (request.reduceOnly && position === undefined) throw refusal(30018);
  if (request.reduceOnly && opposite === undefined) throw refusal(30019);
  return { intent: 'net', buys, positionSide: buys ? 'LONG' : 'SHORT', position: opposite };
}

function newOrder(
  desk: Desk,
  parts: {
    readonly request: OrderRequest;
    readonly direction: Direction;
    readonly price: Dec | undefined;
    readonly index: number;
  },
): Order {
  const { ctx, account } = desk;
  const { request, direction, price, index } = parts;
  const symbol = request.symbol.toUpperCase();
  const setting = direction.position ?? settingOf(desk, symbol);
  const capped =
    request.reduceOnly && direction.position !== undefined && request.qty > direction.position.qty;
  return {
    id: nextId(ctx, 'order'),
    clientId: request.clientId,
    symbol,
    index,
    side: request.side,
    buys: direction.buys,
    positionSide: direction.positionSide,
    intent: direction.intent,
    positionId: direction.intent === 'close' ? direction.position?.id : undefined,
    type: request.type,
    price,
    effect: request.effect,
    qty: capped && direction.position !== undefined ? direction.position.qty : request.qty,
    filled: 0n,
    filledValue: 0n,
    fee: 0n,
    realized: 0n,
    frozen: 0n,
    reduceOnly: request.reduceOnly || direction.intent === 'close',
    leverage: setting.leverage,
    marginMode: setting.marginMode,
    positionMode: account.positionMode,
    status: 'NEW',
    tp: legOf(request.tp, undefined),
    sl: legOf(request.sl, undefined),
    ctime: ctx.time,
    mtime: ctx.time,
  };
}

function checkAttached(ctx: EngineContext, order: Order, request: LegsRequest): void {
  const quote = quoteOf(ctx, order.index);
  const reference = referenceOf(order.index, order.positionSide, quote);
  const resting = order.price !== undefined && !crosses(ctx, order);
  checkLegs(
    ctx,
    request,
    resting && order.price !== undefined ? { ...reference, resting: order.price } : reference,
  );
}

function checkClientId({ ctx, account }: Desk, request: OrderRequest): void {
  const { clientId, symbol } = request;
  if (clientId === undefined) return;
  const scoped = ctx.quirks.clientIdScope === 'symbol';
  const key = scoped ? `${symbol.toUpperCase()} ${clientId}` : clientId;
  if (account.clientIds.has(key)) throw refusal(30042);
}

function accept(desk: Desk, order: Order): void {
  const { ctx, account } = desk;
  account.orders.set(order.id, order);
  if (order.clientId !== undefined) {
    burn(account.clientIds, order.clientId, order.id);
    if (ctx.quirks.clientIdScope === 'symbol')
      burn(account.clientIds, `${order.symbol} ${order.clientId}`, order.id);
  }
  ctx.emit(account, { kind: 'order', event: 'CREATE', order });
  if (order.frozen > 0n) ctx.emit(account, { kind: 'balance' });
}

function crosses(ctx: EngineContext, order: Order): boolean {
  if (order.price === undefined) return true;
  const { last } = quoteOf(ctx, order.index);
  return order.buys ? order.price >= last : order.price <= last;
}

/** Refuses an order that would be filled at once and may not, or that the fill would liquidate. */
export function checkCrossing(desk: Desk, order: Order): void {
  const { ctx } = desk;
  if (!crosses(ctx, order)) return;
  checkSurvival(desk, order, takerPrice(ctx, order));
  if (order.effect === 'POST_ONLY' && ctx.quirks.postOnlyCross === 'refuse') throw refusal(30011);
}

/** Fills what can be filled now and cancels what its effect does not let rest. */
export function execute(desk: Desk, order: Order): void {
  const { ctx, account } = desk;
  if (!crosses(ctx, order)) {
    if (order.effect === 'IOC' || order.effect === 'FOK') withdrawOrder(desk, order, 'unfilled');
    else if (ctx.faults.happens('order-system-cancel')) withdrawOrder(desk, order, 'system');
    return;
  }
  if (order.type === 'LIMIT' && order.effect === 'POST_ONLY') {
    withdrawOrder(desk, order);
    return;
  }
  const price = takerPrice(ctx, order);
  const share = order.effect === 'FOK' ? undefined : ctx.faults.partialThenCancel(order.symbol);
  if (share !== undefined) {
    const qty = minDec(partOf(ctx, order, share), order.qty - order.filled);
    if (qty > 0n) fillOrder(desk, order, { qty, price, role: 'TAKER' });
    if (account.orders.has(order.id)) withdrawOrder(desk, order, 'system');
    return;
  }
  const qty = firstPart(ctx, order, price);
  if (order.effect === 'FOK' && qty < order.qty) {
    withdrawOrder(desk, order, 'unfilled');
    return;
  }
  fillOrder(desk, order, { qty, price, role: 'TAKER' });
  if (order.effect === 'IOC' && account.orders.has(order.id))
    withdrawOrder(desk, order, 'unfilled');
}

function partOf(ctx: EngineContext, order: Order, share: number): Dec {
  const { basePrecision } = instrumentAt(ctx, order.index);
  return floorDec(mulDec(order.qty, fromNumber(share)), basePrecision);
}

/** What is left of an order, or half of the whole when nothing is filled yet and the market does not take it at once. */
export function firstPart(ctx: EngineContext, order: Order, price: Dec): Dec {
  const { partialFillAbove } = ctx.quirks;
  const large = partialFillAbove > 0 && mulDec(order.qty, price) > fromNumber(partialFillAbove);
  const half = large && order.filled === 0n ? partOf(ctx, order, 0.5) : 0n;
  return half > 0n ? half : order.qty - order.filled;
}

/** Last price, moved against the taker by the slippage in force, on the tick against it too; never past a limit. */
export function takerPrice(ctx: EngineContext, order: Order): Dec {
  const { last } = quoteOf(ctx, order.index);
  const { slippage, gapSlippage } = ctx.quirks;
  const share = ctx.behindGap ? Math.max(slippage, gapSlippage) : slippage;
  if (share === 0) return last;
  const factor = fromNumber(share);
  const { quotePrecision } = instrumentAt(ctx, order.index);
  const worse = mulDec(last, order.buys ? ONE + factor : ONE - factor);
  const slipped = fromTicks(
    toTicks(worse, quotePrecision, order.buys ? 'up' : 'down'),
    quotePrecision,
  );
  if (order.price === undefined) return slipped;
  return order.buys === slipped > order.price ? order.price : slipped;
}

/** Fills what market orders left open in an earlier turn. */
export function continueMarketOrders(desk: Desk): void {
  const { ctx, account } = desk;
  for (const order of account.orders.values()) {
    if (order.type !== 'MARKET') continue;
    const qty = order.qty - order.filled;
    fillOrder(desk, order, { qty, price: takerPrice(ctx, order), role: 'TAKER' });
  }
}
