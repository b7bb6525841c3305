import {
  add,
  max,
  notionalOf,
  sumUsd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import { equityOf } from '../../domain/account.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, Side } from '../../domain/position.ts';
import { unitLossAtStop } from './costs.ts';
import type { AtStake, OpenRisk } from '../gate/gate-facts.ts';
import type { GateInput } from '../gate/gate-input.ts';
import { heatOf, lossTogether, type Heat } from './heat.ts';
import { lossInJumpOf, unitLossInJump } from './jump.ts';
import type { RiskLimits } from './limits.ts';

interface PendingEntry {
  readonly symbol: string;
  readonly side: Side;
  readonly category: string | undefined;
  /** Undefined: cannot be known. */
  readonly risk: Usd | undefined;
  readonly jump: Usd;
  readonly orderId?: string;
}

function riskOfOrder(order: Order, limits: RiskLimits): Usd | undefined {
  if (order.price === undefined || order.stopPrice === undefined) return undefined;
  const side = sideOf(order);
  const unit = unitLossAtStop({ side, entry: order.price, stop: order.stopPrice }, limits);
  return max(notionalOf(unit.loss, order.qty, 'up'), ZERO_USD);
}

const sideOf = (order: Order): Side => (order.side === 'buy' ? 'long' : 'short');

const jumpOf = (
  entry: { readonly side: Side; readonly entry: Price; readonly qty: Qty },
  limits: RiskLimits,
): Usd => max(notionalOf(unitLossInJump(entry, limits), entry.qty, 'up'), ZERO_USD);

function pendingEntries({
  openEntryOrders,
  inFlight,
  categories,
  limits,
}: GateInput): PendingEntry[] {
  const orders = (openEntryOrders ?? []).filter((order) => !order.reduceOnly);
  return [
    ...orders.map((order) => {
      const { symbol, qty, price: entry } = order;
      const side = sideOf(order);
      return {
        symbol,
        side,
        category: categories.get(symbol),
        risk: riskOfOrder(order, limits),
        jump: entry === undefined ? ZERO_USD : jumpOf({ side, entry, qty }, limits),
        orderId: order.id,
      };
    }),
    ...(inFlight ?? []).map((each) => ({ ...each, jump: jumpOf(each, limits) })),
  ];
}

/**
 * What is already open and at stake. A partly filled order counts in full beside the position it opened: too careful for a moment
 * is better than a loss that is counted nowhere. Undefined while positions, protections or open orders were not read.
 */
export function openRiskOf(input: GateInput): OpenRisk | undefined {
  const { positions, protections, candidate, account } = input;
  if (positions === undefined || protections === undefined || input.openEntryOrders === undefined) {
    return undefined;
  }
  const equity = account === undefined ? undefined : equityOf(account);
  const heat = heatOf(positions, protections, { equity, costs: input.limits });
  const pending = pendingEntries(input);
  const all = [...positions, ...pending];
  return {
    atStake: atStakeOf(input, { positions, equity, heat, pending }),
    reservedMargin: sumUsd((input.inFlight ?? []).map((each) => each.margin)),
    count: all.length,
    sameSide: all.filter((each) => each.side === candidate.side).length,
    symbols: new Set(all.map((each) => each.symbol)),
    unknownPositions: heat.unknown,
    unknownOrders: pending.flatMap((each) =>
      each.risk === undefined && each.orderId !== undefined ? [each.orderId] : [],
    ),
  };
}

function atStakeOf(
  { candidate, categories, limits }: GateInput,
  {
    positions,
    equity,
    heat,
    pending,
  }: {
    readonly positions: readonly Position[];
    readonly equity: Usd | undefined;
    readonly heat: Heat;
    readonly pending: readonly PendingEntry[];
  },
): AtStake | undefined {
  const inCategory = (category: string | undefined): boolean =>
    category === undefined || category === candidate.category;
  const rows = heat.rows.filter((row) => inCategory(categories.get(row.symbol)));
  const category = lossTogether(rows, equity);
  const jump = lossInJumpOf(positions, { equity, costs: limits }, limits.jumpMove);
  const risks = pending.map((each) => each.risk);
  const { loss, further, notYetLost } = heat;
  if (loss === undefined || further === undefined || notYetLost === undefined) return undefined;
  if (category === undefined || jump === undefined) return undefined;
  if (risks.includes(undefined)) return undefined;
  const pendingRisk = sumUsd(risks as Usd[]);
  const categoryPending = pending.filter((each) => inCategory(each.category));
  return {
    heat: add(loss, pendingRisk),
    categoryHeat: sumUsd([category.loss, ...categoryPending.map((each) => each.risk ?? ZERO_USD)]),
    notYetLost: add(notYetLost, pendingRisk),
    further: add(further, pendingRisk),
    jump: sumUsd([jump, ...pending.map((each) => each.jump)]),
  };
}
