import { toTicks, type Dec } from '../../decimal.ts';
import { markTicks, type Instrument } from '../../market/instrument.ts';
import type { Position, Tpsl, TriggerLeg } from '../account.ts';
import { crossLine, isolatedLine, type LiquidationLine } from '../orders/book.ts';
import { instrumentAt, type Desk } from '../context.ts';
import { fillOrder } from '../orders/fill.ts';
import { liquidate } from '../positions/liquidation.ts';
import { firstPart } from '../orders/place-order.ts';
import { triggerTpsl } from './tpsl.ts';

/** Something that happens once the last price is at or beyond `ticks` on the given side. */
export interface Trigger {
  readonly ticks: number;
  readonly side: 'below' | 'above';
  readonly run: () => void;
}

export function touched(trigger: Trigger, lastTicks: number): boolean {
  return trigger.side === 'below' ? lastTicks <= trigger.ticks : lastTicks >= trigger.ticks;
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
export function triggersOf(desk: Desk, index: number): Trigger[] {
  const { ctx, account } = desk;
  const instrument = instrumentAt(ctx, index);
  const found: Trigger[] = [];
  for (const position of account.positions.values()) {
    if (position.index !== index) continue;
    const trigger = liquidationTrigger(desk, { position, instrument });
    if (trigger !== undefined) found.push(trigger);
  }
  for (const tpsl of account.tpsl.values()) {
    if (tpsl.index === index) found.push(...tpslTriggers(desk, { tpsl, instrument }));
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

function tpslTriggers(
  desk: Desk,
  of: { readonly tpsl: Tpsl; readonly instrument: Instrument },
): Trigger[] {
  const { account } = desk;
  const { tpsl, instrument } = of;
  const position = account.positions.get(tpsl.positionId);
  if (position === undefined) return [];
  const long = position.side === 'LONG';
  const build = (leg: TriggerLeg, side: Trigger['side']): Trigger => {
    const precision = instrument.quotePrecision;
    const onMark = leg.stopType === 'MARK_PRICE';
    const ticks = onMark
      ? lastForMark(instrument, leg.price, side)
      : toTicks(leg.price, precision, side === 'below' ? 'down' : 'up');
    return { ticks, side, run: () => triggerTpsl(desk, tpsl, leg) };
  };
  const found: Trigger[] = [];
  if (tpsl.sl !== undefined) found.push(build(tpsl.sl, long ? 'below' : 'above'));
  if (tpsl.tp !== undefined) found.push(build(tpsl.tp, long ? 'above' : 'below'));
  return found;
}

function liquidationTrigger(
  desk: Desk,
  of: { readonly position: Position; readonly instrument: Instrument },
): Trigger | undefined {
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
