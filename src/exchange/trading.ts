import type { AccountData, Trading } from '../app/ports.ts';
import { toText, type Price } from '../domain/money.ts';
import type { WriteOutcome } from '../domain/order.ts';
import { createAccountSettings, type AccountSettings } from './account-settings.ts';
import { ENDPOINTS } from './endpoints.ts';
import { createOrderActions, type OrderActions } from './order-actions.ts';
import { placePositionProtection } from './position-protection.ts';
import { createProtectionOrders, type ProtectionOrders } from './protection-orders.ts';
import type { Rest } from './rest.ts';
import { setLeverage } from './set-leverage.ts';
import { messageOf, notSent, sendWrite } from './write-outcome.ts';

/** Everything that changes the account at BitUnix. */
export type BitunixTrading = Trading & OrderActions & ProtectionOrders & AccountSettings;

/** What writing needs to look at. */
export interface TradingSource {
  readonly rest: Rest;
  readonly account: AccountData;
}

/**
 * Changes the account. Every request goes out once; what became of it is accepted, rejected or unknown. Levels trigger on the mark
 * price and fill at market.
 */
export function createTrading({ rest, account }: TradingSource): BitunixTrading {
  return {
    ...createOrderActions(rest),
    ...createProtectionOrders(rest),
    ...createAccountSettings(rest),

    setLeverage: (symbol, leverage) => setLeverage({ rest, account }, symbol, leverage),

    async placeEntry(entry, clientId) {
      const mode = await positionMode(account);
      if (typeof mode !== 'string') return mode;
      const outcome = await sendWrite(rest, ENDPOINTS.placeOrder, {
        symbol: entry.symbol,
        qty: toText(entry.qty),
        side: entry.side === 'long' ? 'BUY' : 'SELL',
        ...(mode === 'hedge' ? { tradeSide: 'OPEN' } : {}),
        orderType: 'MARKET',
        clientId,
        ...attached({ stop: entry.stop, target: entry.target }),
      });
      return outcome.kind === 'rejected' && outcome.code === '30042'
        ? alreadyPlaced(account, clientId)
        : outcome;
    },

    placeProtection: (request) => placePositionProtection(rest, account, request),
    closePosition: (positionId) => sendWrite(rest, ENDPOINTS.flashClose, { positionId }),
  };
}

/** Hedge or one-way, read now: the owner can change it at any time. */
async function positionMode(account: AccountData): Promise<'hedge' | 'one-way' | WriteOutcome> {
  try {
    const { positionMode: mode } = await account.account();
    return mode === 'unknown' ? notSent('the exchange names no known position mode') : mode;
  } catch (error) {
    return notSent(`the account's position mode cannot be read: ${messageOf(error)}`);
  }
}

/** The client id was used before: this very order is already there, because ids are made once per intent. */
async function alreadyPlaced(account: AccountData, clientId: string): Promise<WriteOutcome> {
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
