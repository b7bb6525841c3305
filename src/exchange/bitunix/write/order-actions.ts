import type { Trading } from '../../../app/ports/trading.ts';
import { toText } from '../../../domain/money/money.ts';
import type { WriteOutcome } from '../../../domain/order.ts';
import type { PositionMode } from '../../../domain/account.ts';
import { placeOrder, typeFields, type Limit, type TradingSource } from './client-order.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import type { Rest } from '../rest/rest.ts';
import { outcomeOfCancel, outcomeOfFailure } from './write-outcome.ts';

/** Cancelling and reducing: possible in every mode, and unable to open anything. */
export interface OrderActions {
  /** Cancels these; rejected with every reason when one of them could not be. */
  cancelOrders(symbol: string, orderIds: readonly string[]): Promise<WriteOutcome>;
  /** Cancels all resting orders, of one symbol or of the account. Stops and targets of positions are likely to stay. */
  cancelAllOrders(symbol?: string): Promise<WriteOutcome>;
  /** Closes a part of a position, at market or at a limit. `clientId` makes it safe to look up. */
  reducePosition(request: ReduceRequest): Promise<WriteOutcome>;
}

/** A closing order that the risk gate made. */
type Reduce = Parameters<Trading['closePosition']>[0];

export interface ReduceRequest {
  readonly reduce: Reduce;
  readonly mode: PositionMode;
  readonly clientId: string;
  /** Absent: at market. */
  readonly limit?: Limit;
}

/** Most orders in one request to cancel; the exchange's own maximum is not documented. */
const PER_CANCEL = 20;

export function createOrderActions(source: TradingSource): OrderActions {
  const { rest } = source;
  return {
    async cancelOrders(symbol, orderIds) {
      for (let index = 0; index < orderIds.length; index += PER_CANCEL) {
        const outcome = await cancelSome(rest, symbol, orderIds.slice(index, index + PER_CANCEL));
        if (outcome.kind !== 'accepted') return outcome;
      }
      return { kind: 'accepted' };
    },
    async cancelAllOrders(symbol) {
      const body = symbol === undefined ? {} : { symbol };
      const reply = await rest.write({ endpoint: ENDPOINTS.cancelAllOrders, body });
      return reply.ok ? outcomeOfCancel(reply.data, [], rest.clean) : outcomeOfFailure(reply);
    },
    reducePosition: (request) =>
      placeOrder(source, reduceBody(request), { clientId: request.clientId }),
  };
}

async function cancelSome(
  rest: Rest,
  symbol: string,
  ids: readonly string[],
): Promise<WriteOutcome> {
  const body = { symbol, orderList: ids.map((orderId) => ({ orderId })) };
  const reply = await rest.write({ endpoint: ENDPOINTS.cancelOrders, body });
  return reply.ok ? outcomeOfCancel(reply.data, ids, rest.clean) : outcomeOfFailure(reply);
}

/**
 * In hedge mode `side` names the direction of the position that is closed, as documented, and the position id binds the order to it.
 * In one-way mode the order goes the other way and may only reduce.
 */
function reduceBody({ reduce, mode, limit }: ReduceRequest): object {
  const { symbol, positionId, qty, orderSide } = reduce;
  const common = { symbol, qty: toText(qty), ...typeFields(limit) };
  const long = orderSide === 'sell';
  return mode === 'hedge'
    ? { ...common, side: long ? 'BUY' : 'SELL', tradeSide: 'CLOSE', positionId }
    : { ...common, side: long ? 'SELL' : 'BUY', reduceOnly: true };
}
