import { abs, price, qty, usd, ZERO_USD } from '../../domain/money/money.ts';
import type { Fill, Order, OrderSide, OrderStatus, OrderType } from '../../domain/order.ts';
import { POSITION_MODES } from './map-account.ts';
import { mapRow, type Mapped, type OnUnknown } from './mapped.ts';
import { fillRow, orderRow } from './schemas.ts';

const ORDER_SIDES: Readonly<Record<string, OrderSide>> = {
  BUY: 'buy',
  SELL: 'sell',
  LONG: 'buy',
  SHORT: 'sell',
};
const TYPES: Readonly<Record<string, OrderType>> = { MARKET: 'market', LIMIT: 'limit' };
const ORDER_STATUSES: Readonly<Record<string, OrderStatus>> = {
  INIT: 'new',
  NEW: 'new',
  PART_FILLED: 'partly-filled',
  FILLED: 'filled',
  CANCELED: 'cancelled',
  SYSTEM_CANCELED: 'cancelled',
  PART_FILLED_CANCELED: 'partly-filled-cancelled',
  EXPIRED: 'expired',
  REJECTED: 'rejected',
  FAILED: 'rejected',
};

/** An order. A market order's price is the word "market" and counts as absent; an unknown status is reported and stays unknown. */
export const toOrder = (row: unknown, onUnknown: OnUnknown): Mapped<Order> =>
  mapRow(orderRow, row, (wire) => {
    const side = ORDER_SIDES[wire.side];
    if (side === undefined)
      return { problem: `order ${wire.orderId} has the unknown side "${wire.side}"` };
    const createdAt = wire.ctime ?? wire.mtime;
    if (createdAt === undefined) return { problem: `order ${wire.orderId} has no time` };
    const filled =
      wire.tradeQty ?? (wire.status === 'NEW' || wire.status === 'INIT' ? '0' : undefined);
    if (filled === undefined)
      return { problem: `order ${wire.orderId} does not say how much is filled` };
    if (qty(filled) < 0n || qty(filled) > qty(wire.qty)) {
      return { problem: `order ${wire.orderId} has ${filled} filled of ${wire.qty}` };
    }
    const typeWord = wire.orderType ?? wire.type ?? '';
    const type = TYPES[typeWord] ?? (wire.price === undefined ? 'market' : 'limit');
    if (TYPES[typeWord] === undefined) onUnknown('orderType', typeWord);
    const statusWord = wire.status ?? '';
    if (ORDER_STATUSES[statusWord] === undefined) onUnknown('order status', statusWord);
    return {
      value: {
        id: wire.orderId,
        ...(wire.clientId === undefined ? {} : { clientId: wire.clientId }),
        symbol: wire.symbol,
        side,
        type,
        qty: qty(wire.qty),
        filledQty: qty(filled),
        ...(wire.price === undefined || type === 'market' ? {} : { price: price(wire.price) }),
        reduceOnly: wire.reduceOnly,
        status: ORDER_STATUSES[statusWord] ?? 'unknown',
        ...(wire.slPrice === undefined ? {} : { stopPrice: price(wire.slPrice) }),
        ...(wire.tpPrice === undefined ? {} : { targetPrice: price(wire.tpPrice) }),
        createdAt,
      },
    };
  });

/**
 * One execution. Its realizedPNL is price profit alone, unlike the position's; its fee comes with either sign.
 * An opening fill may lack the profit: it has none. A fill that reduces has one, and without it is no evidence.
 */
export const toFill = (row: unknown, onUnknown: OnUnknown): Mapped<Fill> =>
  mapRow(fillRow, row, (wire) => {
    const side = ORDER_SIDES[wire.side];
    if (side === undefined)
      return { problem: `fill ${wire.tradeId} has the unknown side "${wire.side}"` };
    if (wire.roleType !== 'MAKER' && wire.roleType !== 'TAKER') {
      onUnknown('roleType', wire.roleType ?? 'missing');
    }
    const mode = POSITION_MODES[wire.positionMode ?? ''];
    const fee = wire.fee ?? wire.fees;
    if (wire.realizedPNL === undefined && wire.reduceOnly) {
      return { problem: `fill ${wire.tradeId} has no profit` };
    }
    return {
      value: {
        id: wire.tradeId,
        orderId: wire.orderId,
        symbol: wire.symbol,
        side,
        price: price(wire.price),
        qty: qty(wire.qty),
        fee: fee === undefined ? ZERO_USD : abs(usd(fee)),
        ...(fee === undefined ? { feeUnknown: true } : {}),
        realisedGross: wire.realizedPNL === undefined ? ZERO_USD : usd(wire.realizedPNL),
        reduceOnly: wire.reduceOnly,
        ...(mode === undefined ? {} : { positionMode: mode }),
        role: wire.roleType === 'MAKER' ? 'maker' : 'taker',
        at: wire.ctime,
      },
    };
  });
