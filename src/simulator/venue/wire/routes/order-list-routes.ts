import type { Account, Order } from '../../engine/account.ts';
import { refusal } from '../../venue-error.ts';
import { privateGet, type PrivateRoute, type RestContext } from './handler.ts';
import {
  choice,
  flag,
  only,
  optionalSymbol,
  pageOf,
  text,
  type Page,
  type Params,
} from './params.ts';
import { count, orderRow, tradeRow, type Row } from './rows.ts';

const DAY = 86_400_000;
const CANCELED_DAYS = 3;
const HISTORY_DAYS = 90;
const CANCELED = new Set<Order['status']>(['CANCELED', 'SYSTEM_CANCELED']);

function detail(rest: RestContext, params: Params, account: Account): Row {
  if (rest.engine.ctx.quirks.detailSymbol === 'refuse') only(params, ['orderId', 'clientId']);
  const id = text(params, 'orderId') ?? account.clientIds.get(text(params, 'clientId') ?? '');
  if (params['orderId'] === undefined && params['clientId'] === undefined) throw refusal(10002);
  const order =
    account.orders.get(id ?? '') ?? account.orderHistory.findLast((one) => one.id === id);
  if (order === undefined || isHidden(rest, order)) throw refusal(20007);
  if (rest.faults.take('order-not-found', { symbol: order.symbol }) !== undefined)
    throw refusal(20007);
  return orderRow(rest.engine.ctx, order);
}

function isHidden({ engine, faults }: RestContext, order: Order): boolean {
  return faults.isHidden(order.id, engine.ctx.time);
}

function matches(order: Order, params: Params, page: Page): boolean {
  const symbol = optionalSymbol(params);
  const orderId = text(params, 'orderId');
  const clientId = text(params, 'clientId');
  if (symbol !== undefined && order.symbol !== symbol) return false;
  if (orderId !== undefined && order.id !== orderId) return false;
  if (clientId !== undefined && order.clientId !== clientId) return false;
  return order.ctime >= page.from && order.ctime <= page.to;
}

function pending(rest: RestContext, params: Params, account: Account): Row {
  const { ctx } = rest.engine;
  const page = pageOf(params, ctx.quirks.limitAbove);
  const status = choice(params, 'status', ['NEW', 'PART_FILLED']);
  const found = [...account.orders.values()]
    .filter(
      (order) => matches(order, params, page) && (status === undefined || order.status === status),
    )
    .filter((order) => !isHidden(rest, order))
    .toReversed();
  const orderList = found
    .slice(page.skip, page.skip + page.limit)
    .map((order) => orderRow(ctx, order));
  return { orderList, total: count(ctx, found.length) };
}

function history(rest: RestContext, params: Params, account: Account): Row {
  const { ctx } = rest.engine;
  const page = pageOf(params, ctx.quirks.limitAbove);
  const status = choice(params, 'status', [
    'FILLED',
    'CANCELED',
    'PART_FILLED_CANCELED',
    'EXPIRED',
  ]);
  const type = choice(params, 'type', ['LIMIT', 'MARKET']);
  const canceled = flag(params, 'queryCanceled') || status === 'CANCELED';
  const oldest = ctx.time - (canceled ? CANCELED_DAYS : HISTORY_DAYS) * DAY;
  const found = account.orderHistory
    .filter(
      (order) =>
        matches(order, params, page) &&
        order.ctime >= oldest &&
        CANCELED.has(order.status) === canceled,
    )
    .filter((order) => !isHidden(rest, order))
    .filter((order) => type === undefined || order.type === type)
    .filter((order) => status === undefined || canceled || order.status === status)
    .toReversed();
  const orderList = found
    .slice(page.skip, page.skip + page.limit)
    .map((order) => orderRow(ctx, order));
  return { orderList, total: count(ctx, found.length) };
}

/** A positionId is accepted and ignored, as on the exchange. */
function trades(rest: RestContext, params: Params, account: Account): Row {
  const { ctx } = rest.engine;
  const page = pageOf(params, ctx.quirks.limitAbove);
  const symbol = optionalSymbol(params);
  const orderId = text(params, 'orderId');
  const found = account.trades
    .filter(
      (trade) =>
        (symbol === undefined || trade.symbol === symbol) &&
        (orderId === undefined || trade.orderId === orderId),
    )
    .filter((trade) => trade.time >= page.from && trade.time <= page.to)
    .filter((trade) => !rest.faults.isHidden(trade.orderId, ctx.time))
    .toReversed();
  const tradeList = found
    .slice(page.skip, page.skip + page.limit)
    .map((trade) => tradeRow(ctx, trade));
  return { tradeList, total: count(ctx, found.length) };
}

export const ORDER_LIST_ROUTES: Readonly<Record<string, PrivateRoute>> = {
  'trade/get_order_detail': privateGet(detail),
  'trade/get_pending_orders': privateGet(pending),
  'trade/get_history_orders': privateGet(history),
  'trade/get_history_trades': privateGet(trades),
};
