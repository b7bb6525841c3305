import type { AccountData } from '../app/ports.ts';
import { toText, type Price } from '../domain/money.ts';
import type { WriteOutcome } from '../domain/order.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { Rest } from './rest.ts';
import { messageOf, sendWrite } from './write-outcome.ts';

/** What writing needs to look at. */
export interface TradingSource {
  readonly rest: Rest;
  readonly account: AccountData;
}

/** How a limit order waits. */
export interface Limit {
  readonly price: Price;
  /** Good till cancelled, or at once: what can be filled, all of it or nothing, or only when it rests. */
  readonly effect: 'GTC' | 'IOC' | 'FOK' | 'POST_ONLY';
}

/** The fields of a market order, or of a limit order. */
export const typeFields = (limit: Limit | undefined): object =>
  limit === undefined
    ? { orderType: 'MARKET' }
    : { orderType: 'LIMIT', price: toText(limit.price), effect: limit.effect };

/**
 * Places an order that carries its own id. When the exchange says that the id was used before, that order is already there, because ids
 * are made once per intent: it is looked up instead of being placed again.
 */
export async function placeOrder(
  { rest, account }: TradingSource,
  body: object,
  clientId: string,
): Promise<WriteOutcome> {
  const outcome = await sendWrite(rest, ENDPOINTS.placeOrder, { ...body, clientId });
  return outcome.kind === 'rejected' && outcome.code === USED_BEFORE
    ? alreadyPlaced(account, clientId)
    : outcome;
}

/** The exchange's code for a client id that was used before. */
export const USED_BEFORE = '30042';

export async function alreadyPlaced(account: AccountData, clientId: string): Promise<WriteOutcome> {
  try {
    const order = await account.orderByClientId(clientId);
    if (order !== undefined) return { kind: 'accepted', orderId: order.id };
    return {
      kind: 'unknown',
      reason: 'the exchange knows this client id but does not show its order',
    };
  } catch (error) {
    return { kind: 'unknown', reason: `the order was placed before; ${messageOf(error)}` };
  }
}
