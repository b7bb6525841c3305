import { add, max, notionalOf, sumUsd, ZERO_USD, type Usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Side } from '../domain/position.ts';
import { unitLossAtStop } from './costs.ts';
import { heatOf } from './heat.ts';
import type { GateInput, OpenRisk } from './gate-input.ts';
import type { RiskLimits } from './limits.ts';

interface PendingEntry {
  readonly symbol: string;
  readonly side: Side;
  readonly category: string | undefined;
  /** Undefined: cannot be known. */
  readonly risk: Usd | undefined;
  readonly orderId?: string;
}

function riskOfOrder(order: Order, limits: RiskLimits): Usd | undefined {
  if (order.price === undefined || order.stopPrice === undefined) return undefined;
  const side = sideOf(order);
  const unit = unitLossAtStop({ side, entry: order.price, stop: order.stopPrice }, limits);
  return max(notionalOf(unit.loss, order.qty, 'up'), ZERO_USD);
}

const sideOf = (order: Order): Side => (order.side === 'buy' ? 'long' : 'short');

function pendingEntries(input: GateInput): PendingEntry[] {
  const orders = (input.openEntryOrders ?? []).filter((order) => !order.reduceOnly);
  return [
    ...orders.map((order) => ({
      symbol: order.symbol,
      side: sideOf(order),
      category: input.categories.get(order.symbol),
      risk: riskOfOrder(order, input.limits),
      orderId: order.id,
    })),
    ...(input.inFlight ?? []),
  ];
}

/**
 * What is already at stake. A partly filled order counts in full beside the position it opened: too careful for a moment is
 * better than a loss that is counted nowhere. Undefined while positions, protections or open orders are unknown.
 */
export function openRiskOf(input: GateInput): OpenRisk | undefined {
  const { positions, protections, candidate } = input;
  if (positions === undefined || protections === undefined || input.openEntryOrders === undefined) {
    return undefined;
  }
  const heat = heatOf(positions, protections, input.limits);
  const pending = pendingEntries(input);
  const pendingRisk = sumUsd(pending.map((each) => each.risk ?? ZERO_USD));
  const inCategory = (category: string | undefined): boolean =>
    category === undefined || category === candidate.category;
  const categoryRows = heat.rows.filter((row) => inCategory(input.categories.get(row.symbol)));
  const categoryPending = pending.filter((each) => inCategory(each.category));
  const all = [...positions, ...pending];
  return {
    heat: add(heat.total, pendingRisk),
    categoryHeat: sumUsd([
      ...categoryRows.map((row) => row.loss),
      ...categoryPending.map((each) => each.risk ?? ZERO_USD),
    ]),
    notYetLost: add(heat.notYetLost, pendingRisk),
    further: add(heat.further, pendingRisk),
    reservedMargin: sumUsd((input.inFlight ?? []).map((each) => each.margin)),
    count: all.length,
    sameSide: all.filter((each) => each.side === candidate.side).length,
    symbols: new Set(all.map((each) => each.symbol)),
    unknownOrders: pending.flatMap((each) =>
      each.risk === undefined && each.orderId !== undefined ? [each.orderId] : [],
    ),
  };
}
