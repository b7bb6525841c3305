import { numberText, restingOrders, sentence } from '../alerts/phrase.ts';
import { orderUnknown } from '../alerts/rules/order-unknown.ts';
import type { Order } from '../domain/order.ts';
import { leftBy, stopsOf, type Position } from '../domain/position.ts';
import type { Proposal } from '../domain/proposal.ts';
import type { Timestamp } from '../domain/time.ts';
import { proposalKey } from './decide-proposal.ts';
import type { AccountSnapshot, Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
import { reasonOf } from './reading.ts';
import { waitFor } from './wait-for.ts';

/** Wall time that an accepted order has to show up in the account before it is called unknown. */
const READ_BACK_MS = 15_000;
/** Wall time in which the attached stop of a fresh position has to show up before another one is placed. */
const NAKED_MS = 2_000;
/** Wall time after which an order that no list of the exchange knows counts as never sent. */
const NEVER_ARRIVED_MS = 120_000;

/** One look for an order that was, or may have been, sent: when it is clear what became of it, that is told and stored. */
export async function settleAtOnce(ports: Ports, proposal: Proposal): Promise<void> {
  const found = await lookUp(ports, proposal);
  // Whoever asks is about to close what is open, so a stop that is missing is not placed.
  if (found.kind === 'naked') return reportOpen(ports, proposal, found);
  if (found.kind !== 'waiting') await conclude(ports, proposal, found);
}

/** Finds out what became of an order that was, or may have been, sent, and says so with evidence from the exchange. */
export async function settle(ports: Ports, proposal: Proposal): Promise<void> {
  return conclude(ports, proposal, await lookUntilClear(ports, proposal));
}

async function conclude(ports: Ports, proposal: Proposal, found: Lookup): Promise<void> {
  switch (found.kind) {
    case 'open':
      return reportOpen(ports, proposal, found);
    case 'naked':
      return reportOpen(ports, proposal, await protect(ports, proposal, found));
    case 'not-filled':
      return refuse(ports, proposal, [`The order was not filled (${found.status}).`]);
    case 'never-arrived':
      return refuse(ports, proposal, ['The order never reached the exchange. Nothing was opened.']);
    case 'waiting':
      return loseTrack(ports, proposal, found.reason);
  }
}

/** Waits long for an order to show up, and only shortly for the stop of a position that is open already. */
async function lookUntilClear(ports: Ports, proposal: Proposal): Promise<Lookup> {
  const look = (): Promise<Lookup> => lookUp(ports, proposal);
  const found = await waitFor(ports, look, {
    deadlineMs: READ_BACK_MS,
    until: (state) => state.kind !== 'waiting',
  });
  if (found.kind !== 'naked') return found;
  const later = await waitFor(ports, look, {
    deadlineMs: NAKED_MS,
    until: (state) => state.kind === 'open',
  });
  // A look that failed does not unsay what was seen.
  return later.kind === 'open' ? later : found;
}

interface Opened {
  readonly order: Order;
  /** Undefined when it has closed again already. */
  readonly position: Position | undefined;
  readonly snapshot: AccountSnapshot;
}

type Lookup =
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'never-arrived' }
  | { readonly kind: 'not-filled'; readonly status: string }
  | ({ readonly kind: 'open' } & Opened)
  /** Filled, but its stop does not rest on the exchange. */
  | ({ readonly kind: 'naked' } & Opened);

const DEAD: readonly Order['status'][] = ['cancelled', 'expired', 'rejected'];

async function lookUp(ports: Ports, proposal: Proposal): Promise<Lookup> {
  try {
    // How long nobody has it counts up to the question: the answer is about that moment.
    const askedAt = ports.clock.now();
    const order = await ports.account.orderByClientId(proposal.clientId);
    if (order === undefined) return missingOrder(ports, proposal, askedAt);
    if (DEAD.includes(order.status) && order.filledQty === 0n) {
      return { kind: 'not-filled', status: order.status };
    }
    if (order.filledQty === 0n) return { kind: 'waiting', reason: 'the order is not filled yet' };
    const snapshot = await fetchSnapshot(ports);
    const position = snapshot.positions.find(
      (each) => each.symbol === proposal.signal.symbol && each.side === proposal.signal.side,
    );
    if (position === undefined && !(await hasClosed(ports, proposal, order)))
      return { kind: 'waiting', reason: 'the exchange does not list the position yet' };
    const naked = position !== undefined && !hasStops(position, snapshot);
    return { kind: naked ? 'naked' : 'open', order, position, snapshot };
  } catch (error) {
    return { kind: 'waiting', reason: reasonOf(error) };
  }
}

/** Whether what the order opened has closed again: the exchange's history says so. That it is not listed says nothing. */
async function hasClosed(
  ports: Ports,
  { signal: { symbol, side } }: Proposal,
  order: Order,
): Promise<boolean> {
  const closed = await ports.account.closedPositions(order.createdAt);
  return closed.some((each) => each.symbol === symbol && each.side === side);
}

/** Whether stops for all of it rest; one that the price has just passed is about to fill, and no other is placed. */
const hasStops = (position: Position, { protections }: AccountSnapshot): boolean =>
  leftBy(position, stopsOf(position, protections)) <= 0n;

/** An order that the exchange does not know counts as never sent only after it has been asked for long enough. */
function missingOrder({ clock }: Ports, proposal: Proposal, askedAt: Timestamp): Lookup {
  const since = proposal.sentAt ?? proposal.decidedAt ?? proposal.createdAt;
  const waited = askedAt - since > NEVER_ARRIVED_MS * clock.speed;
  if (proposal.status === 'unknown' && waited) return { kind: 'never-arrived' };
  return { kind: 'waiting', reason: 'the exchange does not know the order yet' };
}

/** The approval covered the stop, so a stop that is missing is placed at once. */
async function protect(ports: Ports, proposal: Proposal, opened: Opened): Promise<Opened> {
  const { position } = opened;
  if (position === undefined || ports.trading === undefined) return opened;
  await ports.trading.placeProtection({
    symbol: position.symbol,
    positionId: position.id,
    stop: proposal.signal.stop,
    target: proposal.signal.target,
  });
  const found = await waitFor(ports, () => lookUp(ports, proposal), {
    deadlineMs: READ_BACK_MS,
    until: (state) => state.kind === 'open',
  });
  return found.kind === 'open' || found.kind === 'naked' ? found : opened;
}

async function reportOpen(ports: Ports, proposal: Proposal, found: Opened): Promise<void> {
  const { order, position, snapshot } = found;
  const outcome =
    position === undefined
      ? 'it opened and has closed again already'
      : describeOpen(position, snapshot);
  const done = await ports.proposals.apply(proposal.id, {
    kind: 'done',
    outcome,
    orderId: order.id,
  });
  if (done === undefined) return;
  const { side, symbol } = proposal.signal;
  await ports.outbox.revise(proposalKey(proposal.id), {
    title:
      position !== undefined && !hasStops(position, snapshot)
        ? `Open WITHOUT A FULL STOP: ${side} ${symbol}`
        : `Done: ${side} ${symbol}`,
    lines: [sentence(outcome)],
  });
  await ports.work.refreshAccount();
}

const describeOpen = (position: Position, { protections }: AccountSnapshot): string =>
  `open, ${numberText(position.qty)} at ${numberText(position.entryPrice)}, ${restingOrders(position, protections)}`;

/** Nothing was opened: stored, the card says so, and a message tells it. */
export async function refuse(
  ports: Ports,
  proposal: Proposal,
  reasons: readonly string[],
): Promise<void> {
  const refused = await ports.proposals.apply(proposal.id, {
    kind: 'refuse',
    outcome: reasons.join(' '),
  });
  if (refused === undefined) return;
  const { side, symbol } = proposal.signal;
  await ports.outbox.revise(proposalKey(proposal.id), {
    title: `Not opened: ${side} ${symbol}`,
    lines: reasons,
  });
  await ports.outbox.raise({
    key: `refused:${proposal.id}`,
    kind: 'notice',
    severity: 'warning',
    title: `Not opened: ${side} ${symbol}`,
    lines: ['You approved it, but it could not be carried out:', ...reasons],
    at: ports.clock.now(),
  });
}

async function loseTrack(ports: Ports, proposal: Proposal, reason: string): Promise<void> {
  const lost = await ports.proposals.apply(proposal.id, { kind: 'lose-track', outcome: reason });
  // Unknown already: a crash may have come before the owner was told, and what was told is not told again.
  if (lost === undefined && proposal.status !== 'unknown') return;
  const { side, symbol } = proposal.signal;
  const finding = orderUnknown({
    clientId: proposal.clientId,
    symbol,
    intent: `open a ${side} of ${numberText(proposal.plan.qty)}`,
    reason,
    at: ports.clock.now(),
  });
  await ports.outbox.raise(finding);
}
