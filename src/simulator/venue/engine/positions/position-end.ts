import type { Position } from '../account.ts';
import type { Desk } from '../context.ts';
import { withdrawOrder } from '../orders/order-end.ts';
import { endTpsl } from '../protections/tpsl-life.ts';

/** What a closed position leaves behind is cleared: its TP/SL by the system, and the orders that could only close it. */
export function positionGone(desk: Desk, position: Position): void {
  const { ctx, account } = desk;
  if (ctx.quirks.tpslOnClose === 'cancel') {
    for (const tpsl of account.tpsl.values()) {
      if (tpsl.positionId === position.id) endTpsl(desk, tpsl, 'SYSTEM_CANCELED');
    }
  }
  for (const order of account.orders.values()) {
    const closes = order.intent === 'close' && order.positionId === position.id;
    const reduces = order.intent === 'net' && order.reduceOnly && order.index === position.index;
    if (closes || (reduces && order.buys === (position.side === 'SHORT')))
      withdrawOrder(desk, order, 'system');
  }
}
