import { fitsDecimals, formatDec, type Dec } from '../../decimal.ts';
import { refusal, VenueError } from '../../venue-error.ts';
import type { Order, Position } from '../account.ts';
import { instrumentAt, quoteOf, type Desk } from '../context.ts';
import { fillOrder } from '../orders/fill.ts';
import { closingOrder } from '../orders/order-actions.ts';

/**
 * Takes (part of) a position away against somebody else's bankruptcy: an order of the exchange that fills at once. `price` is that
 * bankruptcy's price; the last price unless told. The fee is the taker's: not documented, a guess.
 */
export function deleverage(
  desk: Desk,
  position: Position,
  how: { readonly qty?: Dec; readonly price?: Dec },
): Order {
  const { ctx, account } = desk;
  const { qty = position.qty, price = quoteOf(ctx, position.index).last } = how;
  const { basePrecision, quotePrecision } = instrumentAt(ctx, position.index);
  if (qty <= 0n || !fitsDecimals(qty, basePrecision)) throw refusal(30016, '0');
  if (qty > position.qty)
    throw new VenueError(20008, `The position holds ${formatDec(position.qty)}`);
  if (price <= 0n || !fitsDecimals(price, quotePrecision)) throw refusal(ctx.quirks.precisionCode);
  const order = closingOrder(ctx, position, { qty, adl: true });
  account.orders.set(order.id, order);
  ctx.emit(account, { kind: 'order', event: 'CREATE', order });
  fillOrder(desk, order, { qty, price, role: 'TAKER' });
  return order;
}
