import { toText, type Qty } from '../../domain/money/money.ts';
import type { OrderSide } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { refuse, type Refusal } from '../terms/refusal.ts';

declare const approved: unique symbol;

/** A closing order that only this file can make: reduce-only, on the closing side, never larger than the position. */
export interface ApprovedReduce {
  readonly [approved]: true;
  readonly positionId: string;
  readonly symbol: string;
  /** The closing side: sell for a long, buy for a short. */
  readonly orderSide: OrderSide;
  readonly qty: Qty;
  readonly whole: boolean;
}

export type ReduceVerdict =
  | { readonly kind: 'approved'; readonly reduce: ApprovedReduce }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/**
 * The gate for closing. It knows no mode, no limit and no age: reducing is always possible. A quantity above the position's is
 * cut to it, so that the order can never open the other side. Refused only when there is nothing to close.
 */
export function checkReduce(input: {
  readonly position: Position | undefined;
  readonly qty: Qty;
}): ReduceVerdict {
  const { position } = input;
  if (position === undefined || position.qty <= 0n) {
    const found = { limit: 'an open position', observed: 'none' };
    return {
      kind: 'refused',
      refusals: [refuse('no-position', found, 'There is no open position to close.')],
    };
  }
  if (input.qty <= 0n) {
    const found = { limit: 'above 0', observed: toText(input.qty) };
    const sentence = 'The quantity to close must be above 0.';
    return { kind: 'refused', refusals: [refuse('quantity-not-positive', found, sentence)] };
  }
  const qty = input.qty > position.qty ? position.qty : input.qty;
  const reduce = {
    positionId: position.id,
    symbol: position.symbol,
    orderSide: position.side === 'long' ? 'sell' : 'buy',
    qty,
    whole: qty === position.qty,
  } as const;
  return { kind: 'approved', reduce: reduce as typeof reduce & ApprovedReduce };
}
