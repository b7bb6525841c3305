import { ExchangeFailure } from '../../../domain/failure.ts';
import type { Order } from '../../../domain/order.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import { shapeFailure } from '../../http/failures.ts';
import { oneRow, onlyRow, rowId, type Mapped } from '../mapped.ts';
import { allPages, PAGE_ROWS, type Paging } from './pages.ts';
import type { Rest } from '../rest/rest.ts';
import type { Query } from '../rest/sign.ts';

type MapOrder = (row: unknown) => Mapped<Order>;

export const orderPages = (what: string): Paging => ({
  what,
  listKey: 'orderList',
  idKey: 'orderId',
});

/** The code that says "order not found"; that there is no position, say, is no answer about an order. */
const ORDER_NOT_FOUND = '20007';

/**
 * The order with that client id: by its detail, then among the pending, finished and cancelled ones, because each of these lags
 * behind at times. Undefined only when all four answered that they do not have it: the detail with "not found", the lists with all
 * of their rows. Everything else is no answer about this order, and rejects with ExchangeFailure.
 */
export async function findByClientId(
  rest: Rest,
  clientId: string,
  map: MapOrder,
): Promise<Order | undefined> {
  const detail = await orderDetail(rest, clientId, map);
  if (detail !== undefined) return detail;
  const places: [Endpoint, Query][] = [
    [ENDPOINTS.pendingOrders, {}],
    [ENDPOINTS.orderHistory, { queryCanceled: 'false' }],
    [ENDPOINTS.orderHistory, { queryCanceled: 'true' }],
  ];
  for (const [endpoint, filter] of places) {
    const row = await listedOrder(rest, { endpoint, filter }, clientId);
    if (row !== undefined) return oneRow(row, 'orders', map);
  }
  return undefined;
}

/** The row of that order in one list, all of whose rows were looked at, or at most as many as matter. */
async function listedOrder(
  rest: Rest,
  { endpoint, filter }: { readonly endpoint: Endpoint; readonly filter: Query },
  clientId: string,
): Promise<unknown> {
  const isIt = (row: unknown): boolean => rowId(row, 'clientId') === clientId;
  const byServer = signable(clientId);
  const rows = await allPages(
    (skip) => {
      const page = { skip: String(skip), limit: String(PAGE_ROWS) };
      const query = { ...filter, ...byServer, ...page };
      return rest.read({ endpoint, query });
    },
    { ...orderPages('orders'), enough: (page) => page.some(isIt) },
  );
  const found = rows.find(isIt);
  if (found !== undefined || byServer === NOT_BY_SERVER) return found;
  // Asked for this one order: a row that names no client id may be it.
  const nameless = rows.some((row) => rowId(row, 'clientId') === undefined);
  if (nameless) throw shapeFailure('orders: a row does not say whose order it is');
  return undefined;
}

/** The order, or undefined when the exchange says that there is none (which may be a lag just after placing). */
async function orderDetail(
  rest: Rest,
  clientId: string,
  map: MapOrder,
): Promise<Order | undefined> {
  try {
    const data = await rest.read({
      endpoint: ENDPOINTS.orderDetail,
      query: { clientId },
      absenceIsAnAnswer: true,
    });
    const row = onlyRow(data, 'order');
    if (rowId(row, 'clientId') !== clientId) {
      throw shapeFailure('order: the answer is about another one');
    }
    return oneRow(row, 'order', map);
  } catch (error) {
    if (error instanceof ExchangeFailure && error.code === ORDER_NOT_FOUND) return undefined;
    throw error;
  }
}

const NOT_BY_SERVER: Query = {};

/** Filters on the server only by ids of letters and digits: how others are signed in a query is not documented. */
const signable = (clientId: string): Query =>
  /^[A-Za-z0-9]+$/.test(clientId) ? { clientId } : NOT_BY_SERVER;
