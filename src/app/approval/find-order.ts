import type { Order } from '../../domain/order.ts';
import { stopsOf, type Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { reasonOf } from '../reading/reading.ts';
import { waitFor } from '../reading/wait-for.ts';
import { ENDED } from './compare-fill.ts';

/** Wall time that an accepted order has to show up in the account before it is called unknown. */
const READ_BACK_MS = 15_000;
/** Wall time in which the attached stop of a fresh position has to show up before another one is placed. */
const NAKED_MS = 2_000;
/** Wall time after which an order that no list of the exchange knows counts as never sent. */
const NEVER_ARRIVED_MS = 120_000;

interface Opened {
  readonly order: Order;
  readonly position: Position;
  readonly snapshot: AccountSnapshot;
}

/** What became of an order that was filled, whether all of it or not. */
export type Filled =
  | ({ readonly kind: 'open' } & Opened)
  /** Its stop does not rest on the exchange. */
  | ({ readonly kind: 'naked' } & Opened)
  /** The exchange's history has its position as closed. */
  | { readonly kind: 'closed'; readonly order: Order };

/** What became of an order that was, or may have been, sent. */
export type Found =
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'never-arrived' }
  | { readonly kind: 'not-filled'; readonly status: string }
  | Filled;

/** Waits long for an order to show up, and only shortly for its rest, or for the stop of a position that is open already. */
export async function lookUntilClear(
  ports: Pick<Ports, 'clock' | 'account' | 'pause'>,
  proposal: Proposal,
): Promise<Found> {
  const look = (): Promise<Found> => lookUp(ports, proposal);
  const found = await waitFor(ports, look, {
    deadlineMs: READ_BACK_MS,
    until: (state) => state.kind !== 'waiting',
  });
  if (found.kind !== 'naked' && !isFilling(found)) return found;
  const later = await waitFor(ports, look, {
    deadlineMs: NAKED_MS,
    until: (state) => state.kind !== 'waiting' && state.kind !== 'naked' && !isFilling(state),
  });
  // A look that failed does not unsay what was seen.
  return later.kind === 'waiting' ? found : later;
}

/** Waits for the stop that was placed for an open position, or for its end. */
export const lookUntilProtected = (
  ports: Pick<Ports, 'clock' | 'account' | 'pause'>,
  proposal: Proposal,
): Promise<Found> =>
  waitFor(ports, () => lookUp(ports, proposal), {
    deadlineMs: READ_BACK_MS,
    until: (state) => state.kind === 'open' || state.kind === 'closed',
  });

/** Filled in part, and the rest may still come. */
export const isFilling = (found: Found): boolean =>
  'order' in found && !ENDED.includes(found.order.status);

const DEAD: readonly Order['status'][] = ['cancelled', 'expired', 'rejected'];

/** One look. What cannot be read now is waited for. Never rejects. */
export async function lookUp(
  ports: Pick<Ports, 'clock' | 'account'>,
  proposal: Proposal,
): Promise<Found> {
  try {
    // How long nobody has it counts up to the question: the answer is about that moment.
    const askedAt = ports.clock.now();
    const order = await ports.account.orderByClientId(proposal.clientId);
    if (order === undefined) return missingOrder(proposal, askedAt, ports.clock.speed);
    if (DEAD.includes(order.status) && order.filledQty === 0n) {
      return { kind: 'not-filled', status: order.status };
    }
    if (order.filledQty === 0n) return { kind: 'waiting', reason: 'the order is not filled yet' };
    const snapshot = await fetchSnapshot(ports);
    const position = snapshot.positions.find(
      (each) => each.symbol === proposal.signal.symbol && each.side === proposal.signal.side,
    );
    if (position === undefined) return await closedAgain(ports, proposal, order);
    return { kind: hasStops(position, snapshot) ? 'open' : 'naked', order, position, snapshot };
  } catch (error) {
    return { kind: 'waiting', reason: reasonOf(error) };
  }
}

/** A position that no list shows may be on its way; that it has closed is believed when the exchange's history has it. */
async function closedAgain(
  ports: Pick<Ports, 'account'>,
  proposal: Proposal,
  order: Order,
): Promise<Found> {
  const { symbol, side } = proposal.signal;
  const closed = await ports.account.closedPositions(order.createdAt);
  return closed.some((each) => each.symbol === symbol && each.side === side)
    ? { kind: 'closed', order }
    : { kind: 'waiting', reason: 'the exchange does not list the position yet' };
}

/** Whether stops for all of it rest; one that the price has just passed is about to fill, and no other is placed. */
const hasStops = (position: Position, { protections }: AccountSnapshot): boolean =>
  stopsOf(position, protections).uncovered <= 0n;

/** An order that the exchange does not know counts as never sent only after it has been asked for long enough. */
function missingOrder(proposal: Proposal, askedAt: Timestamp, speed: number): Found {
  const since = proposal.sentAt ?? proposal.decidedAt ?? proposal.createdAt;
  const waited = askedAt - since > NEVER_ARRIVED_MS * speed;
  if (proposal.status === 'unknown' && waited) return { kind: 'never-arrived' };
  return { kind: 'waiting', reason: 'the exchange does not know the order yet' };
}
