import { toText, type Price } from '../../../domain/money/money.ts';
import type { WriteOutcome } from '../../../domain/order.ts';
import type { Timestamp } from '../../../domain/time.ts';
import type { BitunixAccount } from '../read/account-data.ts';
import type { Rest } from '../rest/rest.ts';
import { messageOf, sendOrder } from './write-outcome.ts';

/** What writing needs to look at. */
export interface TradingSource {
  readonly rest: Rest;
  readonly account: BitunixAccount;
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
 * Places an order that carries its own id. An order that the exchange refused is looked up once before that is believed: something
 * on the way can deliver a request twice, and then the answer heard is that to the second one, for an order that is there already.
 */
export async function placeOrder(
  { rest, account }: TradingSource,
  body: object,
  named: { readonly clientId: string; readonly sendBy?: Timestamp },
): Promise<WriteOutcome> {
  return unlessPlaced(account, named.clientId, await sendOrder(rest, body, named));
}

/** The exchange's code for a client id that was used before; ids are made once per intent, so that order is there. */
const USED_BEFORE = '30042';

/** The outcome, or "accepted" when it is a refusal and the exchange shows the order all the same. */
async function unlessPlaced(
  account: BitunixAccount,
  clientId: string,
  outcome: WriteOutcome,
): Promise<WriteOutcome> {
  if (outcome.kind !== 'rejected' || outcome.code === '') return outcome;
  const used = outcome.code === USED_BEFORE;
  if (used) account.noteUsedClientId(clientId);
  try {
    const order = await account.orderByClientId(clientId);
    return order === undefined ? outcome : { kind: 'accepted', orderId: order.id };
  } catch (error) {
    return used ? { kind: 'unknown', reason: messageOf(error) } : outcome;
  }
}
