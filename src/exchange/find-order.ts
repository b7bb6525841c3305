import { ExchangeFailure } from '../domain/failure.ts';
import type { Order } from '../domain/order.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { everyRow, isRecord, listOf, objectOf, oneRow, type Mapped } from './mapped.ts';
import type { Rest } from './rest.ts';
import type { Query } from './sign.ts';

type MapOrder = (row: unknown) => Mapped<Order>;

/**
 * The order with that client id: by its detail, then among the pending, finished and cancelled ones, because each of these lags
 * behind at times. Undefined only when all four answered that they do not have it. Rejects with ExchangeFailure.
 */
export async function findByClientId(
  rest: Rest,
  clientId: string,
  map: MapOrder,
): Promise<Order | undefined> {
  const detail = await orderDetail(rest, { clientId }, map);
  if (detail?.clientId === clientId) return detail;
  const places: [Endpoint, Query][] = [
    [ENDPOINTS.pendingOrders, {}],
    [ENDPOINTS.orderHistory, { queryCanceled: 'false' }],
    [ENDPOINTS.orderHistory, { queryCanceled: 'true' }],
  ];
  for (const [endpoint, filter] of places) {
    const query = { ...filter, ...signable(clientId), limit: '100' };
    const data = await rest.read({ endpoint, query, priority: 'trade' });
    const own = listOf(data, 'orderList').filter(
      (row) => isRecord(row) && row['clientId'] === clientId,
    );
    const [order] = everyRow(own, 'orders', map);
    if (order !== undefined) return order;
  }
  return undefined;
}

/** The order, or undefined when the exchange says that there is none (which may be a lag just after placing). */
export async function orderDetail(
  rest: Rest,
  query: Query,
  map: MapOrder,
): Promise<Order | undefined> {
  try {
    const data = await rest.read({
      endpoint: ENDPOINTS.orderDetail,
      query,
      priority: 'trade',
      absenceIsAnAnswer: true,
    });
    const row = objectOf(data);
    return isRecord(row) ? oneRow(row, 'order', map) : undefined;
  } catch (error) {
    if (error instanceof ExchangeFailure && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Filters on the server only by ids of letters and digits: how others are signed in a query is not documented. */
const signable = (clientId: string): Query => (/^[A-Za-z0-9]+$/.test(clientId) ? { clientId } : {});
