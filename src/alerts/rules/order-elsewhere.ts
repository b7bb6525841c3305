import type { Finding } from '../../domain/alert.ts';
import type { Order } from '../../domain/order.ts';
import type { Timestamp } from '../../domain/time.ts';
import { numberText } from '../phrase.ts';
import { FOREIGN } from './not-ours.ts';

const described = ({ side, qty, price, symbol }: Order): string =>
  `${symbol}: ${side} ${numberText(qty)}${price === undefined ? '' : ` at ${numberText(price)}`}`;

/** A resting order that Vigil did not place. */
export const orderElsewhere = (order: Order, now: Timestamp): Finding => ({
  key: `order-elsewhere:${order.id}`,
  kind: 'notice',
  ...(order.reduceOnly ? { severity: 'info' } : FOREIGN),
  title: `An order that is not Vigil's rests at the exchange: ${described(order)}`,
  lines: order.reduceOnly
    ? ['It can only make a position smaller.']
    : [
        'When it fills it opens or enlarges a position that passed no risk check.',
        'If you did not place it, cancel it at the exchange and look there who may use your account.',
      ],
  at: now,
});

/** Such an order now has another size or price. */
export const orderChanged = (before: Order, after: Order, now: Timestamp): Finding => ({
  // It may have been like this before.
  key: `order-changed:${after.id}:${after.qty}:${after.price ?? 'market'}:${now}`,
  kind: 'notice',
  ...(after.reduceOnly ? { severity: 'info' } : FOREIGN),
  title: `An order that is not Vigil's was changed at the exchange: ${described(after)}`,
  lines: [`Before it was: ${described(before)}.`],
  at: now,
});

/** Such an order rests no more. Which of the two it was is seen in the positions. */
export const orderGone = (order: Order, now: Timestamp): Finding => ({
  key: `order-gone:${order.id}`,
  kind: 'notice',
  severity: 'info',
  title: `This order no longer rests at the exchange: ${described(order)}`,
  lines: ['It was filled or cancelled; a fill is reported with the position.'],
  at: now,
});

/** An order of a signal that Vigil believes was never ordered. */
export const orderNotBelieved = (order: Order, belief: string, now: Timestamp): Finding => ({
  key: `order-not-believed:${order.id}`,
  kind: 'order-unknown',
  severity: 'critical',
  title: `An order that should not exist rests at the exchange: ${described(order)}`,
  lines: [
    `It belongs to a signal that Vigil knows as ${belief}.`,
    'If it fills it opens a position. Vigil leaves it alone: please cancel it at the exchange if you do not want it.',
  ],
  at: now,
});
