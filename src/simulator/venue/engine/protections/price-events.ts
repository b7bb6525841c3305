import { toTicks, type Dec } from '../../decimal.ts';
import { markTicks, type Instrument } from '../../market/instrument.ts';
import type { Position, Tpsl, ConditionalOrder } from '../account.ts';
import { crossLine, isolatedLine, type LiquidationLine } from '../orders/book.ts';
import { instrumentAt, type Desk } from '../context.ts';
import { fillOrder } from '../orders/fill.ts';
import { liquidate } from '../positions/liquidation.ts';
import { firstPart } from '../orders/place-order.ts';
import { triggerTpsl } from './tpsl.ts';

/** Something that happens once the last price is at or beyond `ticks` on the given side. */
export interface PriceEvent {
  readonly ticks: number;
  readonly side: 'below' | 'above';
  readonly run: () => void;
}

export function touched(event: PriceEvent, lastTicks: number): boolean {
  return event.side === 'below' ? lastTicks <= event.ticks : lastTicks >= event.ticks;
}

/** The last price at which mark reaches a price: mark is a monotone function of last. */
export function lastForMark(instrument: Instrument, mark: Dec, side: 'below' | 'above'): number {
  const wanted = toTicks(mark, instrument.quotePrecision, side === 'below' ? 'down' : 'up');
  let ticks = Math.max(1, Math.round(wanted / (1 + instrument.basis)));
  if (side === 'below') {
    while (markTicks(instrument, ticks + 1) <= wanted) ticks += 1;
    while (ticks > 0 && markTicks(instrument, ticks) > wanted) ticks -= 1;
    return ticks;
  }
  while (ticks > 1 && markTicks(instrument, ticks - 1) >= wanted) ticks -= 1;
  while (markTicks(instrument, ticks) < wanted) ticks += 1;
  return ticks;
}

/** Everything of one account that waits for a price of one contract, in the order in which ties are served: a liquidation first. */
export function priceEventsOf(desk: Desk, index: number): PriceEvent[] {
  const { ctx, account } = desk;
  const instrument = instrumentAt(ctx, index);
  const found: PriceEvent[] = [];
  for (const position of account.positions.values()) {
    if (position.index !== index) continue;
    const event = liquidationEvent(desk, { position, instrument });
    if (event !== undefined) found.push(event);
  }
  for (const tpsl of account.tpsl.values()) {
    if (tpsl.index === index) found.push(...tpslEvents(desk, { tpsl, instrument }));
  }
  for (const order of account.orders.values()) {
    if (order.index !== index || order.price === undefined) continue;
    const price = order.price;
    const side = order.buys ? 'below' : 'above';
    const ticks = toTicks(price, instrument.quotePrecision, side === 'below' ? 'down' : 'up');
    const run = (): void =>
      fillOrder(desk, order, { qty: firstPart(ctx, order, price), price, role: 'MAKER' });
    found.push({ ticks, side, run });
  }
  return found;
}

function tpslEvents(
  desk: Desk,
  of: { readonly tpsl: Tpsl; readonly instrument: Instrument },
): PriceEvent[] {
  const { account } = desk;
  const { tpsl, instrument } = of;
  const position = account.positions.get(tpsl.positionId);
  if (position === undefined) return [];
  const long = position.side === 'LONG';
  const build = (leg: ConditionalOrder, side: PriceEvent['side']): PriceEvent => {
    const precision = instrument.quotePrecision;
    const onMark = leg.stopType === 'MARK_PRICE';
    const ticks = onMark
      ? lastForMark(instrument, leg.price, side)
      : toTicks(leg.price, precision, side === 'below' ? 'down' : 'up');
    return { ticks, side, run: () => triggerTpsl(desk, tpsl, leg) };
  };
  const found: PriceEvent[] = [];
  if (tpsl.sl !== undefined) found.push(build(tpsl.sl, long ? 'below' : 'above'));
  if (tpsl.tp !== undefined) found.push(build(tpsl.tp, long ? 'above' : 'below'));
  return found;
}

function liquidationEvent(
  desk: Desk,
  of: { readonly position: Position; readonly instrument: Instrument },
): PriceEvent | undefined {
  const { ctx } = desk;
  const { position, instrument } = of;
  const cross = position.marginMode === 'CROSS';
  const line: LiquidationLine | undefined = cross
    ? crossLine(desk, position.index)
    : isolatedLine(ctx, position);
  if (line === undefined) return undefined;
  const ticks = lastForMark(instrument, line.price, line.side);
  return { ticks, side: line.side, run: () => liquidate(desk, position, line.price) };
}
