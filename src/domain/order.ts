import type { PositionMode } from './account.ts';
import type { Price, Qty, Usd } from './money/money.ts';
import type { Timestamp } from './time.ts';

export type OrderSide = 'buy' | 'sell';
export type OrderType = 'market' | 'limit';
export type OrderStatus =
  | 'new'
  | 'partly-filled'
  | 'filled'
  | 'cancelled'
  | 'partly-filled-cancelled'
  | 'expired'
  | 'rejected'
  | 'unknown';

/** What Vigil sends an order for: a signal that was approved, or a confirmed change of a position. */
const PREFIXES = { entry: 'vg', change: 'vm' } as const;

/**
 * Vigil's own id of the order that the card with this nonce stands for, the same in every run: a random nonce gives one that was never
 * used before. Alphanumeric and at most 32 long, as the exchange's users found safe.
 */
export const clientIdFor = (what: keyof typeof PREFIXES, nonce: string): string =>
  `${PREFIXES[what]}${nonce.replaceAll(/[^A-Za-z0-9]/g, '0')}`;

/** An order as the exchange reported it. Market orders have no price. */
export interface Order {
  readonly id: string;
  readonly clientId?: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly qty: Qty;
  readonly filledQty: Qty;
  readonly price?: Price;
  readonly reduceOnly: boolean;
  readonly status: OrderStatus;
  readonly stopPrice?: Price;
  readonly targetPrice?: Price;
  readonly createdAt: Timestamp;
}

/**
 * One execution. `side` is what was done, bought or sold; only of a fill that closes in hedge mode it may be the side of the position
 * instead: one row alone does not tell, what was open then does (`followFills`). `fee` is a cost (0 or more); `realisedGross` is price profit without fee. */
export interface Fill {
  readonly id: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly price: Price;
  readonly qty: Qty;
  readonly fee: Usd;
  /** True: the exchange's row names no fee. It is 0 here and shown as unknown. */
  readonly feeUnknown?: true;
  readonly realisedGross: Usd;
  readonly reduceOnly: boolean;
  /** Undefined where the exchange does not say. */
  readonly positionMode?: PositionMode;
  readonly role: 'maker' | 'taker';
  readonly at: Timestamp;
}

/**
 * What became of a request that changes something. `accepted` is not yet done: read it back. `unknown` means the reply was
 * lost: look it up by its id, never send it blind again.
 */
export type WriteOutcome =
  | { readonly kind: 'accepted'; readonly orderId?: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };
