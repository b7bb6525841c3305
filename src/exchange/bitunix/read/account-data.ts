import type { AccountData } from '../../../app/ports/account-data.ts';
import { ExchangeFailure } from '../../../domain/failure.ts';
import type { Account } from '../../../domain/account.ts';
import type { Fill, Order } from '../../../domain/order.ts';
import type {
  ClosedPosition,
  MarginMode,
  Position,
  ProtectionEnd,
  ProtectiveOrder,
} from '../../../domain/position.ts';
import type { Timestamp } from '../../../domain/time.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import { shapeFailure } from '../../http/failures.ts';
import { findByClientId, orderPages } from './find-order.ts';
import { toAccount, toLeverage } from '../map-account.ts';
import { toClosedPosition, toPosition } from '../map-position.ts';
import { toProtection, toProtectionEnd } from '../map-protection.ts';
import type { PnlBasis } from '../pnl-basis.ts';
import { toFill, toOrder } from '../map-order.ts';
import {
  agreedRows,
  everyRow,
  isRecord,
  listOf,
  oneRow,
  onlyRow,
  rowId,
  type Mapped,
  type OnUnknown,
} from '../mapped.ts';
import { refuseForeign } from './sub-account.ts';
import { allPages, PAGE_ROWS, type Paging } from './pages.ts';
import type { Rest } from '../rest/rest.ts';
import type { Query } from '../rest/sign.ts';
import { idText, timestamp } from '../../wire/wire-value.ts';

export const MARGIN_COIN = 'USDT';

/** The owner's account at BitUnix, with what goes beyond the port. */
export interface BitunixAccount extends AccountData {
  /** Finished orders that were made at or after `since`, newest first. Cancelled ones reach back 3 days, others 90. */
  orderHistory(since: Timestamp, cancelled?: boolean): Promise<readonly Order[]>;
  /** The exchange said that this id was used (30042): its order is there, whatever the lists show, and never counts as absent. */
  noteUsedClientId(clientId: string): void;
  /** How each position's realised profit was read last: with costs inside, without, or taken to be with. */
  pnlBases(): ReadonlyMap<string, PnlBasis>;
}

export interface AccountSource {
  readonly rest: Rest;
  readonly onUnknown: OnUnknown;
  /** The sub-account that the key belongs to, where its rows name one; undefined: the main account. */
  readonly subAccountId?: string;
  /** Client ids of which the exchange said that they were used, shared by all that read this account. */
  readonly usedClientIds: Set<string>;
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
    const query = { includeSubAccounts: 'false' };
    const data = await rest.read({ endpoint: ENDPOINTS.positions, query });
    const rows = this.#own(agreedRows(listOf(data), 'positionId', 'positions'), 'positions');
    const mapped = everyRow(rows, 'positions', (row) => toPosition(row, onUnknown, this.#bases));
    for (const { position, basis } of mapped) this.#bases.set(position.id, basis);
    return mapped.map(({ position }) => position).filter((each) => each.qty > 0n);
  }

  async protections(): Promise<readonly ProtectiveOrder[]> {
    const what = 'stops and targets';
    const rows = await this.#pages(ENDPOINTS.pendingProtections, {}, { what, idKey: 'id' });
    return everyRow(rows, what, (row) => toProtection(row, this.#source.onUnknown));
  }

  async openOrders(): Promise<readonly Order[]> {
    const paging = orderPages('open orders');
    const rows = await this.#pages(ENDPOINTS.pendingOrders, {}, paging);
    return everyRow(rows, paging.what, (row) => this.#order(row));
  }

  async protectionEnd(of: { id: string; symbol: string }): Promise<ProtectionEnd | undefined> {
    const isIt = (row: unknown): boolean => rowId(row, 'id') === of.id;
    const filter = { symbol: of.symbol };
    const rows = await this.#pages(ENDPOINTS.protectionHistory, filter, {
      what: 'past stops and targets',
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
    const what = 'closed positions';
    // The exchange's own filter is for the time of opening; so the pages are walked until one closed before `since`.
    const rows = await this.#pages(
      ENDPOINTS.positionHistory,
      {},
      {
        what,
        listKey: 'positionList',
        idKey: 'positionId',
        enough: (page) => page.every((row) => closedBefore(row, since)),
      },
    );
    const recent = rows.filter((row) => !closedBefore(row, since));
    const mapped = everyRow(recent, what, (row) => toClosedPosition(row, this.#bases));
    for (const { position, basis } of mapped) this.#bases.set(position.id, basis);
    return mapped.map(({ position }) => position).sort((a, b) => a.closedAt - b.closedAt);
  }

  async fills(wanted: {
    orderId?: string;
    symbol?: string;
    since?: Timestamp;
  }): Promise<readonly Fill[]> {
    const { orderId, symbol, since } = wanted;
    const query = {
      ...(symbol === undefined ? {} : { symbol }),
      ...(orderId === undefined ? {} : { orderId }),
      ...(since === undefined ? {} : { startTime: String(since) }),
    };
    const paging = { what: 'fills', listKey: 'tradeList', idKey: 'tradeId' };
    const rows = await this.#pages(ENDPOINTS.tradeHistory, query, paging);
    const fills = everyRow(rows, 'fills', (row) => toFill(row, this.#source.onUnknown));
    return (
      fills
        .filter((fill) => orderId === undefined || fill.orderId === orderId)
        .filter((fill) => symbol === undefined || fill.symbol === symbol)
        .filter((fill) => since === undefined || fill.at >= since)
        // They come newest first: those of one moment are turned round too.
        .toReversed()
        .sort((a, b) => a.at - b.at)
    );
  }

  async orderHistory(since: Timestamp, cancelled = false): Promise<readonly Order[]> {
    const query = { startTime: String(since), queryCanceled: String(cancelled) };
    const paging = orderPages('past orders');
    const rows = await this.#pages(ENDPOINTS.orderHistory, query, paging);
    return everyRow(rows, paging.what, (row) => this.#order(row));
  }

  async orderByClientId(clientId: string): Promise<Order | undefined> {
    const order = await findByClientId(this.#source.rest, clientId, (row) => this.#order(row));
    if (order !== undefined || !this.#source.usedClientIds.has(clientId)) return order;
    throw new ExchangeFailure('the exchange knows this client id but does not show its order', {
      kind: 'duplicate',
      retriable: true,
    });
  }

  noteUsedClientId(clientId: string): void {
    this.#source.usedClientIds.add(clientId);
  }

  async leverage(symbol: string): Promise<{ leverage: number; marginMode: MarginMode }> {
    const { rest, onUnknown } = this.#source;
    const query = { symbol, marginCoin: MARGIN_COIN };
    const data = await rest.read({ endpoint: ENDPOINTS.leverage, query });
    const what = `leverage of ${symbol}`;
    const row = onlyRow(data, what);
    if (row['symbol'] !== undefined && idText(row['symbol']) !== symbol) {
      throw shapeFailure(`${what}: the answer is about another contract`);
    }
    return oneRow(row, what, (each) => toLeverage(each, onUnknown));
  }

  pnlBases(): ReadonlyMap<string, PnlBasis> {
    return this.#bases;
  }

  #order(row: unknown): Mapped<Order> {
    return toOrder(row, this.#source.onUnknown);
  }

  async #pages(endpoint: Endpoint, filter: Query, paging: Paging): Promise<readonly unknown[]> {
    const rows = await allPages((skip) => {
      const query = { ...filter, skip: String(skip), limit: String(PAGE_ROWS) };
      return this.#source.rest.read({ endpoint, query });
    }, paging);
    return this.#own(rows, paging.what);
  }

  #own(rows: readonly unknown[], what: string): readonly unknown[] {
    return refuseForeign(rows, this.#source.subAccountId, what);
  }
}

/** The account comes alone or in a list; the margin coin decides. Another coin's amounts are never taken for it. */
function rowOfCoin(data: unknown): unknown {
  const rows = agreedRows(isRecord(data) ? [data] : listOf(data), 'marginCoin', 'account');
  const row = rows.find((each) => rowId(each, 'marginCoin') === MARGIN_COIN);
  if (row !== undefined) return row;
  throw shapeFailure(`account: it holds no row of ${MARGIN_COIN}`);
}

const closedBefore = (row: unknown, since: Timestamp): boolean => {
  const at = isRecord(row) ? timestamp(row['mtime']) : undefined;
  return at !== undefined && at < since;
};
