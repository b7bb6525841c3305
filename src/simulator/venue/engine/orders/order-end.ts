import type { Order, OrderStatus } from '../account.ts';
import type { Desk } from '../context.ts';
import { remember } from '../remember.ts';

/** Moves an order that has reached its last status into the history and says so. */
export function endOrder(desk: Desk, order: Order): void {
  const { ctx, account } = desk;
  order.frozen = 0n;
  order.mtime = ctx.time;
  account.orders.delete(order.id);
  remember(account.orderHistory, order);
  ctx.emit(account, { kind: 'order', event: 'CLOSE', order });
}

/** Takes an order out of the book; what it had filled stays filled. */
export function withdrawOrder(
  desk: Desk,
  order: Order,
  by: 'user' | 'system' | 'unfilled' = 'user',
): void {
  const empty: Readonly<Record<typeof by, OrderStatus>> = {
    user: 'CANCELED',
    system: 'SYSTEM_CANCELED',
    unfilled: desk.ctx.quirks.unfilledStatus,
  };
  order.status = order.filled > 0n ? 'PART_FILLED_CANCELED' : empty[by];
  endOrder(desk, order);
}
