import type { AccountData, Log } from '../app/ports.ts';
import type { Order } from '../domain/order.ts';
import type { ClosedPosition } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { findByClientId } from './find-order.ts';
import {
  toAccount,
  toClosedPosition,
  toLeverage,
  toPosition,
  toProtection,
  type MappedClosedPosition,
  type PnlBasis,
} from './map-account.ts';
import { toFill, toOrder } from './map-order.ts';
import { everyRow, isRecord, listOf, objectOf, oneRow, type OnUnknown } from './mapped.ts';
import { allPages, PAGE_ROWS, type Paging } from './pages.ts';
import type { Rest } from './rest.ts';
import type { Query } from './sign.ts';
import { timestamp } from './wire-value.ts';

export const MARGIN_COIN = 'USDT';

/** The owner's account at BitUnix, with what goes beyond the port. */
export interface BitunixAccount extends AccountData {
  /** Finished orders that were made at or after `since`, newest first. Cancelled ones reach back 3 days, others 90. */
  orderHistory(since: Timestamp, cancelled?: boolean): Promise<readonly Order[]>;
  /** The closed position with that id, or undefined while the exchange's history does not have it. */
  closedPosition(positionId: string): Promise<ClosedPosition | undefined>;
  /** How each position's realised profit was read at the last call: with costs inside, without, or taken to be with. */
  pnlBases(): ReadonlyMap<string, PnlBasis>;
}

export interface AccountSource {
  readonly rest: Rest;
  readonly log: Log;
  readonly onUnknown: OnUnknown;
}

/** Reads the account. A row that cannot be used makes the read fail: a position that is left out would be a lie. */
export function createAccountData({ rest, log, onUnknown }: AccountSource): BitunixAccount {
  const bases = new Map<string, PnlBasis>();
  const order = (row: unknown) => toOrder(row, onUnknown);

  const paged = (endpoint: Endpoint, query: Query, paging: Paging): Promise<unknown[]> =>
    allPages(
      (skip) =>
        rest.read({
          endpoint,
          query: { ...query, skip: String(skip), limit: String(PAGE_ROWS) },
        }),
      paging,
    );

  function closed(rows: readonly unknown[]): ClosedPosition[] {
    const mapped: MappedClosedPosition[] = everyRow(rows, 'closed positions', toClosedPosition);
    for (const { position, basis } of mapped) remember(position.id, basis);
    return mapped.map(({ position }) => position);
  }

  function remember(id: string, basis: PnlBasis): void {
    const before = bases.get(id);
    bases.set(id, basis);
    if (before !== basis && basis === 'gross') {
      log.info('exchange: realised profit of a position is without costs', { positionId: id });
    }
  }

  return {
    async account() {
      const query = { marginCoin: MARGIN_COIN };
      const data = await rest.read({ endpoint: ENDPOINTS.account, query });
      const at = rest.now();
      return oneRow(rowOfCoin(data), 'account', (row) => toAccount(row, at));
    },
    async positions() {
      const data = await rest.read({ endpoint: ENDPOINTS.positions });
      const mapped = everyRow(listOf(data), 'positions', (row) => toPosition(row, onUnknown));
      bases.clear();
      for (const { position, basis } of mapped) remember(position.id, basis);
      return mapped.map(({ position }) => position).filter((each) => each.qty > 0n);
    },
    async protections() {
      const rows = await paged(ENDPOINTS.pendingProtections, {}, { idKey: 'id' });
      return everyRow(rows, 'stops and targets', toProtection);
    },
    async openOrders() {
      const paging = { listKey: 'orderList', idKey: 'orderId' };
      return everyRow(await paged(ENDPOINTS.pendingOrders, {}, paging), 'open orders', order);
    },
    async closedPositions(since) {
      // The exchange's own filter is for the time of opening; so the pages are walked until one closed before `since`.
      const rows = await paged(
        ENDPOINTS.positionHistory,
        {},
        {
          listKey: 'positionList',
          idKey: 'positionId',
          enough: (page) => page.every((row) => closedBefore(row, since)),
        },
      );
      const wanted = rows.filter((row) => !closedBefore(row, since));
      return closed(wanted).sort((a, b) => a.closedAt - b.closedAt);
    },
    async closedPosition(positionId) {
      const query = { positionId, limit: '10' };
      const data = await rest.read({ endpoint: ENDPOINTS.positionHistory, query });
      return closed(listOf(data, 'positionList')).find((each) => each.id === positionId);
    },
    async fills({ orderId, since }) {
      const query = {
        ...(orderId === undefined ? {} : { orderId }),
        ...(since === undefined ? {} : { startTime: String(since) }),
      };
      const paging = { listKey: 'tradeList', idKey: 'tradeId' };
      const rows = await paged(ENDPOINTS.tradeHistory, query, paging);
      const fills = everyRow(rows, 'fills', (row) => toFill(row, onUnknown));
      return fills
        .filter((fill) => orderId === undefined || fill.orderId === orderId)
        .filter((fill) => since === undefined || fill.at >= since)
        .sort((a, b) => a.at - b.at);
    },
    async orderHistory(since, cancelled = false) {
      const query = { startTime: String(since), queryCanceled: String(cancelled) };
      const paging = { listKey: 'orderList', idKey: 'orderId' };
      return everyRow(await paged(ENDPOINTS.orderHistory, query, paging), 'past orders', order);
    },
    orderByClientId: (clientId) => findByClientId(rest, clientId, order),
    async leverage(symbol) {
      const query = { symbol, marginCoin: MARGIN_COIN };
      const data = await rest.read({ endpoint: ENDPOINTS.leverage, query });
      return oneRow(objectOf(data), `leverage of ${symbol}`, (row) => toLeverage(row, onUnknown));
    },
    pnlBases: () => bases,
  };
}

/** The account comes alone or in a list; in a list the margin coin decides. */
function rowOfCoin(data: unknown): unknown {
  const rows = listOf(data);
  const own = rows.find((row) => isRecord(row) && row['marginCoin'] === MARGIN_COIN);
  return own ?? rows[0];
}

const closedBefore = (row: unknown, since: Timestamp): boolean => {
  const at = isRecord(row) ? timestamp(row['mtime']) : undefined;
  return at !== undefined && at < since;
};
