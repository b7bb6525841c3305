import type { z } from 'zod';
import { abs, price, qty, usd, type Price, type Qty, type Usd } from '../../domain/money/money.ts';
import type { OrderSide, OrderStatus } from '../../domain/order.ts';
import type { ProtectionEnd, Side } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import {
  balanceData,
  frameSchema,
  orderData,
  positionData,
  protectionData,
} from './frame-schemas.ts';
import { PROTECTION_ENDS, POSITION_SIDES } from './map-account.ts';
import { ORDER_SIDES, ORDER_STATUSES } from './map-order.ts';
import { checked, mapRow, objectOf, type Mapped, type OnUnknown } from './mapped.ts';

/**
 * Events of the private stream. They are hints: they come late, twice, out of order or not at all, and the state is read by request.
 * `at` is when the gateway sent the frame.
 */
export type PrivateEvent = { readonly at: Timestamp } & (
  | {
      readonly channel: 'balance';
      readonly coin: string;
      readonly available: Usd;
      readonly frozen: Usd;
      readonly margin: Usd;
    }
  | {
      readonly channel: 'position';
      readonly event: string;
      readonly positionId: string;
      readonly symbol: string;
      readonly side: Side;
      /** 0 when it is closed. */
      readonly qty: Qty;
    }
  | {
      readonly channel: 'order';
      readonly event: string;
      readonly orderId: string;
      readonly clientId?: string;
      readonly symbol: string;
      readonly side: OrderSide;
      readonly qty: Qty;
      readonly filledQty: Qty;
      /** What the filled part cost on average; requests do not say it. */
      readonly averagePrice?: Price;
      readonly status: OrderStatus;
    }
  | {
      readonly channel: 'tpsl';
      readonly event: string;
      readonly protectionId: string;
      readonly positionId: string;
      readonly symbol: string;
      readonly stopPrice?: Price;
      readonly targetPrice?: Price;
      /** Absent while it rests. `filled`: reached and its order placed, which is not yet filled. */
      readonly end?: ProtectionEnd;
    }
);

const EVENTS = new Set(['OPEN', 'CREATE', 'UPDATE', 'CLOSE']);

/** The event of a frame, in a list or alone. */
export function readPrivate(frame: unknown, onUnknown: OnUnknown): Mapped<PrivateEvent> {
  const envelope = checked(frameSchema, frame);
  if ('problem' in envelope) return envelope;
  const { ch, data, ts: at } = envelope.value;
  const row = objectOf(data);
  switch (ch) {
    case 'balance':
      return mapRow(balanceData, row, ({ coin, available, frozen, margin }) => ({
        value: {
          channel: 'balance',
          at,
          coin,
          available: usd(available),
          frozen: usd(frozen),
          margin: usd(margin),
        },
      }));
    case 'position':
      return mapRow(positionData, row, (wire) => positionEvent(wire, at, onUnknown));
    case 'order':
      return mapRow(orderData, row, (wire) => orderEvent(wire, at, onUnknown));
    case 'tpsl':
      return mapRow(protectionData, row, (wire) => protectionEvent(wire, at, onUnknown));
    default:
      return { problem: `a frame of ${ch}` };
  }
}

function eventOf(word: string, onUnknown: OnUnknown): string {
  if (!EVENTS.has(word)) onUnknown('event', word);
  return word.toLowerCase();
}

function positionEvent(
  wire: z.output<typeof positionData>,
  at: Timestamp,
  onUnknown: OnUnknown,
): Mapped<PrivateEvent> {
  const side = POSITION_SIDES[wire.side];
  if (side === undefined) return { problem: `the unknown side "${wire.side}"` };
  const { positionId, symbol } = wire;
  const event = eventOf(wire.event, onUnknown);
  return {
    value: { channel: 'position', at, event, positionId, symbol, side, qty: abs(qty(wire.qty)) },
  };
}

function orderEvent(
  wire: z.output<typeof orderData>,
  at: Timestamp,
  onUnknown: OnUnknown,
): Mapped<PrivateEvent> {
  const side = ORDER_SIDES[wire.side];
  if (side === undefined) return { problem: `the unknown side "${wire.side}"` };
  const statusWord = wire.orderStatus ?? '';
  const status = ORDER_STATUSES[statusWord];
  if (status === undefined) onUnknown('order status', statusWord);
  const { orderId, symbol, clientId, averagePrice } = wire;
  return {
    value: {
      channel: 'order',
      at,
      event: eventOf(wire.event, onUnknown),
      orderId,
      ...(clientId === undefined ? {} : { clientId }),
      symbol,
      side,
      qty: abs(qty(wire.qty)),
      filledQty: abs(qty(wire.dealAmount ?? '0')),
      ...(averagePrice === undefined ? {} : { averagePrice: price(averagePrice) }),
      status: status ?? 'unknown',
    },
  };
}

const RESTING = new Set(['NEW', 'INIT', 'TRIGGER_WAIT_PLACE', 'PENDING_CANCEL']);

function protectionEvent(
  wire: z.output<typeof protectionData>,
  at: Timestamp,
  onUnknown: OnUnknown,
): Mapped<PrivateEvent> {
  const { orderId, positionId, symbol, slPrice, tpPrice } = wire;
  const word = wire.status ?? '';
  const known = PROTECTION_ENDS[word];
  if (known === undefined && !RESTING.has(word)) onUnknown('TP/SL status', word);
  const end = RESTING.has(word) ? undefined : (known ?? 'unknown');
  return {
    value: {
      channel: 'tpsl',
      at,
      event: eventOf(wire.event, onUnknown),
      protectionId: orderId,
      positionId,
      symbol,
      ...(slPrice === undefined ? {} : { stopPrice: price(slPrice) }),
      ...(tpPrice === undefined ? {} : { targetPrice: price(tpPrice) }),
      ...(end === undefined ? {} : { end }),
    },
  };
}
