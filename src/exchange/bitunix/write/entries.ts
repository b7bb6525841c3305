import type { Trading } from '../../../app/ports/trading.ts';
import { toText, type Price, type Qty } from '../../../domain/money/money.ts';
import type { Order, WriteOutcome } from '../../../domain/order.ts';
import {
  placeOrder,
  typeFields,
  unlessPlaced,
  type Limit,
  type TradingSource,
} from './client-order.ts';
import { ENDPOINTS } from '../endpoints.ts';
import { batchRows, notSent, outcomeOfFailure, sendWrite } from './write-outcome.ts';

/** An order that the risk gate made, whichever way it is sent. */
type Entry = Parameters<Trading['placeEntry']>[0];

export interface NamedEntry {
  readonly entry: Entry;
  readonly clientId: string;
}

/** What became of one order of a batch. */
export interface BatchOutcome {
  readonly clientId: string;
  readonly outcome: WriteOutcome;
}

/** Opening positions; each order passed the risk gate before it comes here. */
export interface Entries extends Pick<Trading, 'placeEntry'> {
  /** An entry that waits at its price. Its stop and target are attached, and arm with the fill. */
  placeLimitEntry(entry: Entry, limit: Limit, clientId: string): Promise<WriteOutcome>;
  /** Market entries of one contract in one request, at most five; each has an outcome of its own. */
  placeEntries(entries: readonly NamedEntry[]): Promise<readonly BatchOutcome[]>;
  /** Another price for a resting order, and another size that is not larger: more would be an entry that no gate has seen. */
  modifyOrder(
    order: Order,
    change: { readonly price: Price; readonly qty: Qty },
  ): Promise<WriteOutcome>;
}

/** The exchange takes so many orders in one request. */
const MOST_IN_A_BATCH = 5;

export function createEntries(source: TradingSource): Entries {
  const { rest } = source;
  return {
    placeEntry: (entry, clientId, sendBy) =>
      placeOrder(
        source,
        { symbol: entry.symbol, ...entryFields(entry) },
        { clientId, ...(sendBy === undefined ? {} : { sendBy }) },
      ),
    placeLimitEntry: (entry, limit, clientId) =>
      placeOrder(source, { symbol: entry.symbol, ...entryFields(entry, limit) }, { clientId }),
    placeEntries: (entries) => placeBatch(source, entries),
    async modifyOrder(order, { price, qty }) {
      if (qty <= 0n || qty > order.qty) {
        return notSent(`${toText(qty)} is not between 0 and the order's ${toText(order.qty)}`);
      }
      const { id: orderId, symbol } = order;
      const body = { orderId, symbol, qty: toText(qty), price: toText(price) };
      return sendWrite(rest, ENDPOINTS.modifyOrder, body);
    },
  };
}

async function placeBatch(
  { rest, account }: TradingSource,
  entries: readonly NamedEntry[],
): Promise<readonly BatchOutcome[]> {
  const all = (outcome: WriteOutcome): readonly BatchOutcome[] =>
    entries.map(({ clientId }) => ({ clientId, outcome }));
  const symbol = entries[0]?.entry.symbol;
  if (symbol === undefined) return [];
  if (entries.length > MOST_IN_A_BATCH || entries.some(({ entry }) => entry.symbol !== symbol)) {
    return all(notSent(`a batch holds at most ${MOST_IN_A_BATCH} orders, all of one contract`));
  }
  const orderList = entries.map(({ entry, clientId }) => ({ ...entryFields(entry), clientId }));
  const reply = await rest.write({ endpoint: ENDPOINTS.batchOrder, body: { symbol, orderList } });
  if (!reply.ok) return all(outcomeOfFailure(reply));
  const rows = batchRows(reply.data, rest.clean);
  if ('problem' in rows) return all({ kind: 'unknown', reason: rows.problem });
  const outcomes = entries.map(async ({ clientId }): Promise<BatchOutcome> => {
    // An order that the answer does not name may have been placed.
    const outcome = rows.value.get(clientId) ?? unnamed(clientId);
    return { clientId, outcome: await unlessPlaced(account, clientId, outcome) };
  });
  return Promise.all(outcomes);
}

const unnamed = (clientId: string): WriteOutcome => ({
  kind: 'unknown',
  reason: `the exchange's answer does not name ${clientId}`,
});

/** Written for the position mode that the gate has seen: nothing is read between its verdict and the order. */
const entryFields = (entry: Entry, limit?: Limit): object => ({
  qty: toText(entry.qty),
  side: entry.side === 'long' ? 'BUY' : 'SELL',
  ...(entry.positionMode === 'hedge' ? { tradeSide: 'OPEN' } : {}),
  ...typeFields(limit),
  ...attached(entry),
});

/** Fields of stop loss and take profit on an order. */
function attached(levels: { readonly stop?: Price; readonly target?: Price }): object {
  const { stop, target } = levels;
  return {
    ...(target === undefined
      ? {}
      : { tpPrice: toText(target), tpStopType: 'MARK_PRICE', tpOrderType: 'MARKET' }),
    ...(stop === undefined
      ? {}
      : { slPrice: toText(stop), slStopType: 'MARK_PRICE', slOrderType: 'MARKET' }),
  };
}
