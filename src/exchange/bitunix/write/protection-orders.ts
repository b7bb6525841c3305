import { toText, type Price, type Qty } from '../../../domain/money/money.ts';
import type { WriteOutcome } from '../../../domain/order.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import type { Rest } from '../rest/rest.ts';
import { sendWrite } from './write-outcome.ts';

/** One leg of a partial exit: triggers on the mark price, fills at market. */
export interface Leg {
  readonly price: Price;
  readonly qty: Qty;
}

export interface PartialProtection {
  readonly stop?: Leg;
  readonly target?: Leg;
}

/** Stops and targets with a quantity of their own, beside the one that covers the whole position. */
export interface ProtectionOrders {
  placePartial(
    position: { readonly symbol: string; readonly id: string },
    legs: PartialProtection,
  ): Promise<WriteOutcome>;
  /** Give both legs that shall stay: what happens to one that is left out is not documented. */
  modifyPartial(protectionId: string, legs: PartialProtection): Promise<WriteOutcome>;
  /** Removes a stop or target of either kind. */
  cancelProtection(symbol: string, protectionId: string): Promise<WriteOutcome>;
}

export function createProtectionOrders(rest: Rest): ProtectionOrders {
  return {
    placePartial: ({ symbol, id }, legs) =>
      sendWrite(rest, ENDPOINTS.placeProtection, { symbol, positionId: id, ...legFields(legs) }),
    modifyPartial: (protectionId, legs) =>
      sendWrite(rest, ENDPOINTS.modifyProtection, { orderId: protectionId, ...legFields(legs) }),
    cancelProtection: (symbol, protectionId) =>
      sendWrite(rest, ENDPOINTS.cancelProtection, { symbol, orderId: protectionId }),
  };
}

const legFields = ({ stop, target }: PartialProtection): object => ({
  ...(target === undefined
    ? {}
    : {
        tpPrice: toText(target.price),
        tpStopType: 'MARK_PRICE',
        tpOrderType: 'MARKET',
        tpQty: toText(target.qty),
      }),
  ...(stop === undefined
    ? {}
    : {
        slPrice: toText(stop.price),
        slStopType: 'MARK_PRICE',
        slOrderType: 'MARKET',
        slQty: toText(stop.qty),
      }),
});
