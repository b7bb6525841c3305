import {
  divDec,
  floorDec,
  fromTicks,
  maxDec,
  minDec,
  money,
  mulDec,
  toTicks,
  type Dec,
} from '../../decimal.ts';
import { tierFor } from '../../market/instrument.ts';
import type { Position } from '../account.ts';
import { crossBalance, notional, profitOf } from '../orders/book.ts';
import { instrumentAt, quoteOf, type EngineContext, type Desk } from '../context.ts';
import { fillOrder } from '../orders/fill.ts';
import { closingOrder } from '../orders/order-actions.ts';
import { withdrawOrder } from '../orders/order-end.ts';

/**
 * One step of a liquidation that the mark price has just reached: the orders that lock the same money are cancelled, then
 * the position loses its highest tier, or, standing on the first one, everything. The walk comes back while it is due.
 */
export function liquidate(desk: Desk, position: Position, line: Dec): void {
  const { ctx, account } = desk;
  for (const order of account.orders.values()) {
    const same =
      position.marginMode === 'CROSS'
        ? order.marginMode === 'CROSS'
        : order.index === position.index;
    if (same) withdrawOrder(desk, order, 'system');
  }
  const victim = position.marginMode === 'CROSS' ? firstOfCross(desk, position) : position;
  const qty = stepQty(ctx, victim);
  const budget = budgetOf(desk, victim, qty);
  const price = boundedPrice(ctx, victim, { qty, budget });
  const value = notional(qty, price);
  const cost =
    qty === victim.qty
      ? victim.entryValue
      : money(divDec(mulDec(victim.entryValue, qty), victim.qty));
  const result = victim.side === 'LONG' ? value - cost : cost - value;
  const order = closingOrder(ctx, victim, { qty, effect: 'FOK' });
  victim.liqQty += qty;
  victim.liqPrice = line;
  account.orders.set(order.id, order);
  ctx.emit(account, { kind: 'order', event: 'CREATE', order });
  fillOrder(desk, order, {
    qty,
    price,
    role: 'TAKER',
    feeCap: ctx.quirks.liquidationFee ? maxDec(0n, budget + result) : 0n,
  });
}

/** Which cross position goes first: that of the highest tier, then of the most margin to release, then of the largest notional. */
function firstOfCross(desk: Desk, fallback: Position): Position {
  const { ctx, account } = desk;
  const rank = (position: Position): readonly [number, Dec, Dec] => {
    const { tiers } = instrumentAt(ctx, position.index);
    return [
      tiers.indexOf(tierFor(instrumentAt(ctx, position.index), position.entryValue)),
      position.margin,
      notional(position.qty, quoteOf(ctx, position.index).mark),
    ];
  };
  let first = fallback;
  for (const position of account.positions.values()) {
    if (position.marginMode === 'CROSS' && goesBefore(rank(position), rank(first)))
      first = position;
  }
  return first;
}

function goesBefore(a: readonly [number, Dec, Dec], b: readonly [number, Dec, Dec]): boolean {
  if (a[0] !== b[0]) return a[0] > b[0];
  return a[1] === b[1] ? a[2] > b[2] : a[1] > b[1];
}

/** Down to the bound of the tier below, or the whole position. */
function stepQty(ctx: EngineContext, position: Position): Dec {
  const instrument = instrumentAt(ctx, position.index);
  const tier = tierFor(instrument, position.entryValue);
  if (tier.start === 0n) return position.qty;
  const kept = floorDec(
    divDec(mulDec(tier.start, position.qty), position.entryValue),
    instrument.basePrecision,
  );
  return kept <= 0n ? position.qty : minDec(position.qty, position.qty - kept);
}

/** What the step may lose at most: the margin behind this part, or everything behind the cross positions. */
function budgetOf(desk: Desk, position: Position, qty: Dec): Dec {
  const { ctx, account } = desk;
  if (position.marginMode === 'ISOLATION') {
    return qty === position.qty
      ? position.margin
      : money(divDec(mulDec(position.margin, qty), position.qty));
  }
  let budget = crossBalance(account);
  for (const other of account.positions.values()) {
    if (other.marginMode === 'CROSS' && other.id !== position.id) budget += profitOf(ctx, other);
  }
  return budget;
}

/** Last price, or the bankruptcy price when the market has fallen through it: nobody loses more than what backs the position. */
function boundedPrice(
  ctx: EngineContext,
  position: Position,
  part: { qty: Dec; budget: Dec },
): Dec {
  const { quotePrecision } = instrumentAt(ctx, position.index);
  const { last } = quoteOf(ctx, position.index);
  const cost =
    part.qty === position.qty
      ? position.entryValue
      : money(divDec(mulDec(position.entryValue, part.qty), position.qty));
  if (position.side === 'LONG') {
    const bankrupt = divDec(cost - part.budget, part.qty);
    return maxDec(last, fromTicks(toTicks(bankrupt, quotePrecision, 'up'), quotePrecision));
  }
  const bankrupt = divDec(cost + part.budget, part.qty);
  const bound = fromTicks(toTicks(bankrupt, quotePrecision, 'down'), quotePrecision);
  return bound <= 0n ? last : minDec(last, bound);
}
