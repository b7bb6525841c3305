import type { Account, Effect, Order, OrderSide, OrderType } from '../../engine/account.ts';
import {
  cancelOrder,
  closeAll,
  flashClose,
  modifyOrder,
  type OrderRef,
} from '../../engine/orders/order-actions.ts';
import { withdrawOrder } from '../../engine/orders/order-end.ts';
import { placeOrder, type OrderRequest } from '../../engine/orders/place-order.ts';
import { endTpsl } from '../../engine/protections/tpsl-life.ts';
import { refusal, VenueError } from '../../venue-error.ts';
import { privatePost, type PrivateRoute, type RestContext } from './handler.ts';
import {
  choice,
  decimal,
  flag,
  legsOf,
  optionalSymbol,
  required,
  requiredChoice,
  requiredDecimal,
  symbolOf,
  text,
  type Params,
} from './params.ts';
import type { Row } from './rows.ts';

const SIDES: readonly OrderSide[] = ['BUY', 'SELL'];
const TYPES: readonly OrderType[] = ['LIMIT', 'MARKET'];
const EFFECTS: readonly Effect[] = ['GTC', 'IOC', 'FOK', 'POST_ONLY'];

/** The order in the members of a body; everything the wire itself can refuse is refused here. */
export function orderRequest(rest: RestContext, params: Params): OrderRequest {
  const type = requiredChoice(params, 'orderType', TYPES);
  return {
    symbol: symbolOf(params),
    qty: requiredDecimal(params, 'qty'),
    side: requiredChoice(params, 'side', SIDES),
    type,
    price: decimal(params, 'price'),
    effect: type === 'LIMIT' ? (choice(params, 'effect', EFFECTS) ?? 'GTC') : 'GTC',
    tradeSide: choice(params, 'tradeSide', ['OPEN', 'CLOSE']),
    positionId: text(params, 'positionId'),
    reduceOnly: flag(params, 'reduceOnly'),
    clientId: text(params, 'clientId'),
    ...legsOf(params, rest.engine.ctx.quirks.defaultStopType),
  };
}

function refOf(params: Params): OrderRef {
  const ref = { orderId: text(params, 'orderId'), clientId: text(params, 'clientId') };
  if (ref.orderId === undefined && ref.clientId === undefined) throw refusal(10002);
  return ref;
}

function answer(rest: RestContext, order: Order): Row {
  return { orderId: order.id, clientId: clientIdOf(rest, order) };
}

function clientIdOf({ engine }: RestContext, { clientId }: Order): string | null {
  return clientId ?? (engine.ctx.quirks.noClientId === 'empty' ? '' : null);
}

function placed(rest: RestContext, params: Params, account: Account): Order {
  const { ctx } = rest.engine;
  const order = placeOrder({ ctx, account }, orderRequest(rest, params));
  rest.faults.hide(order.id, { symbol: order.symbol, now: ctx.time });
  return order;
}

const place = (rest: RestContext, params: Params, account: Account): Row =>
  answer(rest, placed(rest, params, account));

function listOf(params: Params): Params[] {
  const list = params['orderList'];
  if (!Array.isArray(list) || list.length === 0) throw refusal(10002);
  return list.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) throw refusal(10002);
    return Object.fromEntries(Object.entries(entry));
  });
}

/** Codes of batch replies differ from those of single calls for these two. */
function batchCode(code: number): number {
  if (code === 20003) return 10012;
  return code === 30011 || code === 20007 ? 10013 : code;
}

function failure({ engine }: RestContext, error: unknown): Row {
  if (!(error instanceof VenueError)) throw error;
  const code = batchCode(error.code);
  const text = engine.ctx.quirks.batchCodes === 'strings';
  const errorMsg = code === error.code ? error.message : refusal(code).message;
  return { errorMsg, errorCode: text ? String(code) : code };
}

function batch(rest: RestContext, params: Params, account: Account): Row {
  const symbol = symbolOf(params);
  const orders = listOf(params);
  if (orders.length > rest.engine.ctx.quirks.batchMax) throw refusal(20016);
  const successList: Row[] = [];
  const failureList: Row[] = [];
  for (const entry of orders) {
    try {
      const order = placed(rest, { ...entry, symbol }, account);
      successList.push({
        [rest.engine.ctx.quirks.batchIdKey]: order.id,
        clientId: clientIdOf(rest, order),
      });
    } catch (error) {
      failureList.push({ clientId: text(entry, 'clientId') ?? null, ...failure(rest, error) });
    }
  }
  return { successList, failureList };
}

function cancel(rest: RestContext, params: Params, account: Account): Row {
  if (rest.engine.ctx.quirks.cancelNeedsSymbol) symbolOf(params);
  const successList: Row[] = [];
  const failureList: Row[] = [];
  for (const entry of listOf(params)) {
    const orderId = text(entry, 'orderId') ?? null;
    const clientId = text(entry, 'clientId') ?? null;
    try {
      successList.push(answer(rest, cancelOrder({ ctx: rest.engine.ctx, account }, refOf(entry))));
    } catch (error) {
      failureList.push({ orderId, clientId, ...failure(rest, error) });
    }
  }
  return { successList, failureList };
}

function cancelAll(rest: RestContext, params: Params, account: Account): Row {
  const { ctx } = rest.engine;
  const symbol = optionalSymbol(params);
  const successList: Row[] = [];
  for (const order of account.orders.values()) {
    if (symbol !== undefined && order.symbol !== symbol) continue;
    withdrawOrder({ ctx, account }, order);
    successList.push(answer(rest, order));
  }
  if (ctx.quirks.cancelAllTakesTpsl) {
    for (const tpsl of account.tpsl.values()) {
      if (symbol === undefined || tpsl.symbol === symbol)
        endTpsl({ ctx, account }, tpsl, 'CANCELED');
    }
  }
  ctx.emit(account, { kind: 'balance' });
  return { successList, failureList: [] };
}

function modify(rest: RestContext, params: Params, account: Account): Row {
  const qty = requiredDecimal(params, 'qty');
  const price = requiredDecimal(params, 'price');
  const legs = legsOf(params, rest.engine.ctx.quirks.defaultStopType);
  return answer(
    rest,
    modifyOrder({ ctx: rest.engine.ctx, account }, { ...refOf(params), qty, price, ...legs }),
  );
}

function closeEverything(rest: RestContext, params: Params, account: Account): string {
  closeAll({ ctx: rest.engine.ctx, account }, optionalSymbol(params));
  return '';
}

function flash(rest: RestContext, params: Params, account: Account): Row {
  const positionId = required(params, 'positionId');
  flashClose({ ctx: rest.engine.ctx, account }, positionId);
  return { positionId };
}

export const ORDER_ROUTES: Readonly<Record<string, PrivateRoute>> = {
  'trade/place_order': privatePost(place),
  'trade/batch_order': privatePost(batch, 1),
  'trade/cancel_orders': privatePost(cancel, 5),
  'trade/cancel_all_orders': privatePost(cancelAll),
  'trade/modify_order': privatePost(modify),
  'trade/close_all_position': privatePost(closeEverything, 1),
  'trade/flash_close_position': privatePost(flash, 5),
};
