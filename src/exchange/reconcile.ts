import type { AccountSnapshot } from '../app/ports.ts';
import {
  abs,
  add,
  divideBy,
  sub,
  sumUsd,
  usd,
  ZERO_USD,
  type Qty,
  type Usd,
} from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import {
  stopOf,
  type ClosedPosition,
  type Position,
  type ProtectiveOrder,
} from '../domain/position.ts';
import { walletOf } from '../domain/account.ts';

/** What changed at the exchange between two whole reads of the account, as far as Vigil did not do it itself. */
export type Difference =
  | { readonly kind: 'opened-elsewhere'; readonly position: Position }
  | { readonly kind: 'opened'; readonly position: Position }
  | {
      readonly kind: 'closed';
      readonly position: Position;
      readonly closed: ClosedPosition | undefined;
    }
  | { readonly kind: 'liquidated'; readonly position: Position; readonly closed: ClosedPosition }
  | { readonly kind: 'size-changed'; readonly before: Position; readonly after: Position }
  /** The position has no stop any more although it had one, or its stop covers less of it than before. */
  | {
      readonly kind: 'stop-vanished';
      readonly position: Position;
      readonly before: ProtectiveOrder;
    }
  | { readonly kind: 'stop-shrunk'; readonly position: Position; readonly covers: Qty }
  | { readonly kind: 'order-unknown'; readonly order: Order }
  | { readonly kind: 'order-gone'; readonly order: Order }
  /** The wallet changed by what neither trading nor funding explains; negative is a withdrawal. */
  | { readonly kind: 'deposit' | 'withdrawal'; readonly amount: Usd };

/** What Vigil knows itself: without it every change counts as made elsewhere. */
export interface Known {
  /** Client ids of the orders that Vigil placed. */
  readonly clientIds: ReadonlySet<string>;
  /** Positions that Vigil's own orders opened. */
  readonly positionIds: ReadonlySet<string>;
  /** Positions that closed since `before`, from the exchange's history. */
  readonly closed: readonly ClosedPosition[];
}

/**
 * The differences between what was believed and what the exchange shows now, most urgent first. Pure: both reads and all knowledge
 * are arguments. Wallet changes below `toleranceOf` are rounding of the exchange, not deposits.
 */
export function reconcile(
  before: AccountSnapshot,
  after: AccountSnapshot,
  known: Known,
): readonly Difference[] {
  const wallet = walletDifference(before, after, known);
  return [
    ...goneDifferences(before, after, known),
    ...stopDifferences(before, after),
    ...positionDifferences(before, after, known),
    ...orderDifferences(before, after, known),
    ...(wallet === undefined ? [] : [wallet]),
  ];
}

const byId = <T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> =>
  new Map(list.map((each) => [each.id, each]));

function goneDifferences(
  before: AccountSnapshot,
  after: AccountSnapshot,
  known: Known,
): Difference[] {
  const now = byId(after.positions);
  const closed = byId(known.closed);
  return before.positions
    .filter((position) => !now.has(position.id))
    .map((position) => {
      const end = closed.get(position.id);
      return end?.liquidated === true
        ? { kind: 'liquidated', position, closed: end }
        : { kind: 'closed', position, closed: end };
    });
}

function positionDifferences(
  before: AccountSnapshot,
  after: AccountSnapshot,
  known: Known,
): Difference[] {
  const then = byId(before.positions);
  const found: Difference[] = [];
  for (const position of after.positions) {
    const old = then.get(position.id);
    if (old === undefined) {
      const own = known.positionIds.has(position.id);
      found.push({ kind: own ? 'opened' : 'opened-elsewhere', position });
    } else if (old.qty !== position.qty) {
      found.push({ kind: 'size-changed', before: old, after: position });
    }
  }
  return found;
}

/** Part of the position that its stop covers; never more than all of it. */
function covered(position: Position, protections: readonly ProtectiveOrder[]): Qty | undefined {
  const stop = stopOf(position, protections);
  if (stop === undefined) return undefined;
  return stop.covers > position.qty ? position.qty : stop.covers;
}

function stopDifferences(before: AccountSnapshot, after: AccountSnapshot): Difference[] {
  const then = byId(before.positions);
  const found: Difference[] = [];
  for (const position of after.positions) {
    const old = then.get(position.id);
    if (old === undefined) continue;
    const was = covered(old, before.protections);
    if (was === undefined) continue;
    const is = covered(position, after.protections);
    const lost = before.protections.find(
      (each) => each.positionId === position.id && each.stopPrice !== undefined,
    );
    if (is === undefined && lost !== undefined) {
      found.push({ kind: 'stop-vanished', position, before: lost });
    } else if (is !== undefined && was >= old.qty && is < position.qty) {
      found.push({ kind: 'stop-shrunk', position, covers: is });
    }
  }
  return found;
}

function orderDifferences(
  before: AccountSnapshot,
  after: AccountSnapshot,
  known: Known,
): Difference[] {
  const then = byId(before.openOrders);
  const now = byId(after.openOrders);
  const own = (order: Order): boolean =>
    order.clientId !== undefined && known.clientIds.has(order.clientId);
  return [
    ...after.openOrders
      .filter((order) => !then.has(order.id) && !own(order))
      .map((order): Difference => ({ kind: 'order-unknown', order })),
    ...before.openOrders
      .filter((order) => !now.has(order.id))
      .map((order): Difference => ({ kind: 'order-gone', order })),
  ];
}

/** What trading and funding did to the wallet so far on a position that is open. */
const bookedOn = (position: Position): Usd =>
  add(sub(position.realisedGross, position.fees), position.funding);

/** A cent, and a hundred-thousandth of the wallet: what the exchange's own rounding may come to. */
const toleranceOf = (wallet: Usd): Usd => {
  const share = divideBy(abs(wallet), 100_000, 'down');
  const cent = usd('0.01');
  return share > cent ? share : cent;
};

function walletDifference(
  before: AccountSnapshot,
  after: AccountSnapshot,
  known: Known,
): Difference | undefined {
  const then = byId(before.positions);
  const now = byId(after.positions);
  const closed = byId(known.closed);
  // A position that is gone and not in the history yet leaves the wallet unexplained: then nothing is said.
  if (before.positions.some((each) => !now.has(each.id) && !closed.has(each.id))) return undefined;
  const stillOpen = after.positions.map((each) => sub(bookedOn(each), bookedOf(then.get(each.id))));
  const ended = known.closed
    .filter((each) => each.closedAt >= before.at || then.has(each.id))
    .map((each) => sub(each.net, bookedOf(then.get(each.id))));
  const explained = sumUsd([...stillOpen, ...ended]);
  const change = sub(walletOf(after.account), walletOf(before.account));
  const amount = sub(change, explained);
  if (abs(amount) <= toleranceOf(walletOf(before.account))) return undefined;
  return { kind: amount > 0n ? 'deposit' : 'withdrawal', amount };
}

const bookedOf = (position: Position | undefined): Usd =>
  position === undefined ? ZERO_USD : bookedOn(position);
