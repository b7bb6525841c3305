import type { AccountData } from '../../../app/ports/account-data.ts';
import type { Trading } from '../../../app/ports/trading.ts';
import type { TradingSource } from './client-order.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import { createEntries, type Entries } from './entries.ts';
import { createOrderActions, type OrderActions } from './order-actions.ts';
import { placePositionProtection } from './position-protection.ts';
import { createProtectionOrders, type ProtectionOrders } from './protection-orders.ts';
import { setLeverage } from './set-leverage.ts';
import { notSent, sendWrite } from './write-outcome.ts';

/** Everything that changes the account at BitUnix. */
export type BitunixTrading = Trading & Entries & OrderActions & ProtectionOrders;

/**
 * Changes the account. Every request goes out once; what became of it is accepted, rejected or unknown. Levels trigger on the mark
 * price and fill at market.
 */
export function createTrading(
  source: TradingSource & { readonly stopsAhead: AccountData },
): BitunixTrading {
  const { rest, account, stopsAhead } = source;
  return {
    ...createEntries(source),
    ...createOrderActions(source),
    ...createProtectionOrders(rest),
    setLeverage: (symbol, leverage) => setLeverage({ rest, account }, symbol, leverage),
    placeProtection: (request) => placePositionProtection(rest, stopsAhead, request),
    closePosition: async ({ positionId, whole }) =>
      whole
        ? sendWrite(rest, ENDPOINTS.flashClose, { positionId })
        : notSent('this request closes the whole position, and only a part of it may be closed'),
  };
}
