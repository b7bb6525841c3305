import type { Dec } from '../../decimal.ts';
import type { Order, Position, Tpsl, ConditionalOrder } from '../account.ts';
import { nextId, type Desk } from '../context.ts';
import { armTpsl } from './tpsl-life.ts';

/** Arms the legs that an order carried for the quantity that has just filled; later fills of the order enlarge them. */
export function attachLegs(
  desk: Desk,
  part: { readonly order: Order; readonly position: Position; readonly qty: Dec },
): void {
  const { ctx, account } = desk;
  const { order, position, qty } = part;
  const whole = ctx.quirks.attachedTpsl === 'position';
  const known = [...account.tpsl.values()].find((tpsl) =>
    whole
      ? tpsl.kind === 'POSITION_TPSL' && tpsl.positionId === position.id
      : tpsl.orderId === order.id,
  );
  if (known !== undefined) {
    if (whole) {
      known.tp = order.tp ?? known.tp;
      known.sl = order.sl ?? known.sl;
    } else {
      if (known.tp?.qty !== undefined) known.tp.qty += qty;
      if (known.sl?.qty !== undefined) known.sl.qty += qty;
    }
    known.mtime = ctx.time;
    ctx.emit(account, { kind: 'tpsl', event: 'UPDATE', tpsl: known });
    return;
  }
  const sized = (leg: ConditionalOrder | undefined): ConditionalOrder | undefined =>
    leg === undefined ? undefined : { ...leg, qty: whole ? undefined : qty };
  const tpsl: Tpsl = {
    id: nextId(ctx, 'tpsl'),
    positionId: position.id,
    symbol: position.symbol,
    index: position.index,
    kind: whole ? 'POSITION_TPSL' : 'TPSL',
    orderId: order.id,
    tp: sized(order.tp),
    sl: sized(order.sl),
    status: 'NEW',
    ctime: ctx.time,
    mtime: ctx.time,
    triggerTime: undefined,
  };
  armTpsl(desk, tpsl);
}
