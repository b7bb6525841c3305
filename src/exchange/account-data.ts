import type { AccountData } from '../app/ports.ts';
import type { Account } from '../domain/account.ts';
import type { Fill, Order } from '../domain/order.ts';
import type {
  ClosedPosition,
  MarginMode,
  Position,
  ProtectionEnd,
  ProtectiveOrder,
} from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { shapeFailure } from './failures.ts';
import { findByClientId } from './find-order.ts';
import {
  toAccount,
  toClosedPosition,
  toLeverage,
  toPosition,
  toProtection,
  toProtectionEnd,
  type PnlBasis,
} from './map-account.ts';
import { toFill, toOrder } from './map-order.ts';
import {
  everyRow,
  isRecord,
  listOf,
  objectOf,
  oneRow,
  type Mapped,
  type OnUnknown,
} from './mapped.ts';
import { allPages, PAGE_ROWS, type Paging } from './pages.ts';
import type { Rest } from './rest.ts';
import type { Query } from './sign.ts';
import { idText, timestamp } from './wire-value.ts';

export const MARGIN_COIN = 'USDT';

/** The owner's account at BitUnix, with what goes beyond the port. */
export interface BitunixAccount extends AccountData {
  /** Finished orders that were made at or after `since`, newest first. Cancelled ones reach back 3 days, others 90. */
  orderHistory(since: Timestamp, cancelled?: boolean): Promise<readonly Order[]>;
  /** The closed position with that id, or undefined while the exchange's history does not have it. */
  closedPosition(positionId: string): Promise<ClosedPosition | undefined>;
  /** How each position's realised profit was read last: with costs inside, without, or taken to be with. */
  pnlBases(): ReadonlyMap<string, PnlBasis>;
}

export interface AccountSource {
  readonly rest: Rest;
  readonly onUnknown: OnUnknown;
}

/** Reads the account. A row that cannot be used makes the read fail: a position that is left out would be a lie. */
export const createAccountData = (source: AccountSource): BitunixAccount =>
  new AccountReader(source);

class AccountReader implements BitunixAccount {
  readonly #source: AccountSource;
  readonly #bases = new Map<string, PnlBasis>();

  constructor(source: AccountSource) {
    this.#source = source;
  }

  async account(): Promise<Account> {
    const { rest, onUnknown } = this.#source;
    const query = { marginCoin: MARGIN_COIN };
    const data = await rest.read({ endpoint: ENDPOINTS.account, query });
    const at = rest.now();
    return oneRow(rowOfCoin(data), 'account', (row) => toAccount(row, at, onUnknown));
  }

  async positions(): Promise<readonly Position[]> {
    const { rest, onUnknown } = this.#source;
    const data = await rest.read({ endpoint: ENDPOINTS.positions });
    const mapped = everyRow(listOf(data), 'positions', (row) =>
      toPosition(row, onUnknown, this.#bases),
    );
    for (const { position, basis } of mapped) this.#bases.set(position.id, basis);
    return mapped.map(({ position }) => position).filter((each) => each.qty > 0n);
  }

  async protections(): Promise<readonly ProtectiveOrder[]> {
    const rows = await this.#pages(ENDPOINTS.pendingProtections, {}, { idKey: 'id' });
    return everyRow(rows, 'stops and targets', (row) => toProtection(row, this.#source.onUnknown));
  }

  async openOrders(): Promise<readonly Order[]> {
    const rows = await this.#pages(ENDPOINTS.pendingOrders, {}, ORDER_PAGES);
    return everyRow(rows, 'open orders', (row) => this.#order(row));
  }

  async protectionEnd(of: { id: string; symbol: string }): Promise<ProtectionEnd | undefined> {
    const isIt = (row: unknown): boolean => isRecord(row) && idText(row['id']) === of.id;
    const filter = { symbol: of.symbol };
    const rows = await this.#pages(ENDPOINTS.protectionHistory, filter, {
      listKey: 'orderList',
      idKey: 'id',
      mostPages: 3,
      enough: (page) => page.some(isIt),
    });
    const row = rows.find(isIt);
    const map = (each: unknown): Mapped<ProtectionEnd> =>
      toProtectionEnd(each, this.#source.onUnknown);
    return row === undefined ? undefined : oneRow(row, 'past stops and targets', map);
  }

  async closedPositions(since: Timestamp): Promise<readonly ClosedPosition[]> {
    // The exchange's own filter is for the time of opening; so the pages are walked until one closed before `since`.
    const rows = await this.#pages(
      ENDPOINTS.positionHistory,
      {},
      {
        listKey: 'positionList',
        idKey: 'positionId',
        enough: (page) => page.every((row) => closedBefore(row, since)),
      },
    );
    const closed = this.#closed(rows.filter((row) => !closedBefore(row, since)));
    return closed.sort((a, b) => a.closedAt - b.closedAt);
  }

  async closedPosition(positionId: string): Promise<ClosedPosition | undefined> {
    const query = { positionId, limit: '10' };
    const data = await this.#source.rest.read({ endpoint: ENDPOINTS.positionHistory, query });
    const rows = listOf(data, 'positionList');
    const own = rows.filter((row) => isRecord(row) && idText(row['positionId']) === positionId);
    return this.#closed(own)[0];
  }

  async fills(wanted: { orderId?: string; since?: Timestamp }): Promise<readonly Fill[]> {
    const { orderId, since } = wanted;
    const query = {
      ...(orderId === undefined ? {} : { orderId }),
      ...(since === undefined ? {} : { startTime: String(since) }),
    };
    const paging = { listKey: 'tradeList', idKey: 'tradeId' };
    const rows = await this.#pages(ENDPOINTS.tradeHistory, query, paging);
    const fills = everyRow(rows, 'fills', (row) => toFill(row, this.#source.onUnknown));
    return fills
      .filter((fill) => orderId === undefined || fill.orderId === orderId)
      .filter((fill) => since === undefined || fill.at >= since)
      .sort((a, b) => a.at - b.at);
  }

  async orderHistory(since: Timestamp, cancelled = false): Promise<readonly Order[]> {
    const query = { startTime: String(since), queryCanceled: String(cancelled) };
    const rows = await this.#pages(ENDPOINTS.orderHistory, query, ORDER_PAGES);
    return everyRow(rows, 'past orders', (row) => this.#order(row));
  }

  orderByClientId(clientId: string): Promise<Order | undefined> {
    return findByClientId(this.#source.rest, clientId, (row) => this.#order(row));
  }

  async leverage(symbol: string): Promise<{ leverage: number; marginMode: MarginMode }> {
    const { rest, onUnknown } = this.#source;
    const query = { symbol, marginCoin: MARGIN_COIN };
    const data = await rest.read({ endpoint: ENDPOINTS.leverage, query });
    return oneRow(objectOf(data), `leverage of ${symbol}`, (row) => toLeverage(row, onUnknown));
  }

  pnlBases(): ReadonlyMap<string, PnlBasis> {
    return this.#bases;
  }

  #order(row: unknown): Mapped<Order> {
    return toOrder(row, this.#source.onUnknown);
  }

  #closed(rows: readonly unknown[]): ClosedPosition[] {
    const mapped = everyRow(rows, 'closed positions', (row) => toClosedPosition(row, this.#bases));
    for (const { position, basis } of mapped) this.#bases.set(position.id, basis);
    return mapped.map(({ position }) => position);
  }

  #pages(endpoint: Endpoint, filter: Query, paging: Paging): Promise<unknown[]> {
    return allPages((skip) => {
      const query = { ...filter, skip: String(skip), limit: String(PAGE_ROWS) };
      return this.#source.rest.read({ endpoint, query });
    }, paging);
  }
}

const ORDER_PAGES: Paging = { listKey: 'orderList', idKey: 'orderId' };

/** The account comes alone or in a list; the margin coin decides. Another coin's amounts are never taken for it. */
function rowOfCoin(data: unknown): unknown {
  const rows = listOf(data);
  const own = rows.find((row) => isRecord(row) && row['marginCoin'] === MARGIN_COIN);
  if (own !== undefined || rows.length === 0) return own;
  throw shapeFailure(`account: it holds no row of ${MARGIN_COIN}`);
}

const closedBefore = (row: unknown, since: Timestamp): boolean => {
  const at = isRecord(row) ? timestamp(row['mtime']) : undefined;
  return at !== undefined && at < since;
};
