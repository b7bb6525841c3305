import type { Trading } from '../../../app/ports/trading.ts';
import { toText, type Price, type Qty } from '../../../domain/money/money.ts';
import type { Order, WriteOutcome } from '../../../domain/order.ts';
import { placeOrder, type TradingSource } from './client-order.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import { notSent, sendWrite } from './write-outcome.ts';

/** An order that the risk gate made. */
type Entry = Parameters<Trading['placeEntry']>[0];

/** Opening positions; each order passed the risk gate before it comes here. */
export interface Entries extends Pick<Trading, 'placeEntry'> {
  /** Another price for a resting order, and another size that is not larger: more would be an entry that no gate has seen. */
  modifyOrder(
    order: Order,
    change: { readonly price: Price; readonly qty: Qty },
  ): Promise<WriteOutcome>;
}

export function createEntries(source: TradingSource): Entries {
  const { rest } = source;
  return {
    placeEntry: (entry, clientId, sendBy) =>
      placeOrder(
        source,
        { symbol: entry.symbol, ...entryFields(entry) },
        { clientId, ...(sendBy === undefined ? {} : { sendBy }) },
      ),
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

/** Written for the position mode that the gate has seen: nothing is read between its verdict and the order. */
const entryFields = (entry: Entry): object => ({
  qty: toText(entry.qty),
  side: entry.side === 'long' ? 'BUY' : 'SELL',
  ...(entry.positionMode === 'hedge' ? { tradeSide: 'OPEN' } : {}),
  orderType: 'MARKET',
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
