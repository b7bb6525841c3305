import { rules } from '../../alerts/explain/with-basis.ts';
import { averageText } from '../../domain/words/words.ts';
import { numberText, restingOrders, sentence } from '../../alerts/phrase.ts';
import type { Order } from '../../domain/order.ts';
import { stopsOf, type Position } from '../../domain/position.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { proposalKey } from './decide-proposal.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { compareFill, ENDED } from './compare-fill.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { reasonOf } from '../reading/reading.ts';
import { waitFor } from '../reading/wait-for.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'proposals' | 'outbox'>;

/** Wall time that an accepted order has to show up in the account before it is called unknown. */
const READ_BACK_MS = 15_000;
/** Wall time in which the attached stop of a fresh position has to show up before another one is placed. */
const NAKED_MS = 2_000;
/** Wall time after which an order that no list of the exchange knows counts as never sent. */
const NEVER_ARRIVED_MS = 120_000;

/** One look for an order that was, or may have been, sent: when it is clear what became of it, that is told and stored. */
export async function settleAtOnce(ports: Ports, proposal: Proposal): Promise<void> {
  const found = await lookUp(ports, proposal);
  if (isFilling(found)) return;
  // Whoever asks is about to close what is open, so a stop that is missing is not placed.
  if (found.kind === 'naked') return reportOpened(ports, proposal, found);
  if (found.kind !== 'waiting') await conclude(ports, proposal, found);
}

/** Finds out what became of an order that was, or may have been, sent, and says so with evidence from the exchange. */
export async function settle(ports: Ports, proposal: Proposal): Promise<void> {
  return conclude(ports, proposal, await lookUntilClear(ports, proposal));
}

async function conclude(ports: Ports, proposal: Proposal, found: Lookup): Promise<void> {
  switch (found.kind) {
    case 'open':
    case 'closed':
      return reportOpened(ports, proposal, found);
    case 'naked':
      return reportOpened(ports, proposal, await protect(ports, proposal, found));
    case 'not-filled':
      return refuse(ports, proposal, [`The order was not filled (${found.status}).`]);
    case 'never-arrived':
      return refuse(ports, proposal, ['The order never reached the exchange. Nothing was opened.']);
    case 'waiting':
      return loseTrack(ports, proposal, found.reason);
  }
}

/** Waits long for an order to show up, and only shortly for its rest, or for the stop of a position that is open already. */
async function lookUntilClear(
  ports: Pick<Ports, 'clock' | 'account' | 'pause'>,
  proposal: Proposal,
): Promise<Lookup> {
  const look = (): Promise<Lookup> => lookUp(ports, proposal);
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

/** Filled in part, and the rest may still come. */
const isFilling = (found: Lookup): boolean =>
  'order' in found && !ENDED.includes(found.order.status);

interface Opened {
  readonly order: Order;
  readonly position: Position;
  readonly snapshot: AccountSnapshot;
}

type Lookup =
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'never-arrived' }
  | { readonly kind: 'not-filled'; readonly status: string }
  | ({ readonly kind: 'open' } & Opened)
  /** Filled, but its stop does not rest on the exchange. */
  | ({ readonly kind: 'naked' } & Opened)
  /** Filled, and the exchange's history has its position as closed. */
  | { readonly kind: 'closed'; readonly order: Order };

const DEAD: readonly Order['status'][] = ['cancelled', 'expired', 'rejected'];

async function lookUp(
  ports: Pick<Ports, 'clock' | 'account'>,
  proposal: Proposal,
): Promise<Lookup> {
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
): Promise<Lookup> {
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
function missingOrder(proposal: Proposal, askedAt: Timestamp, speed: number): Lookup {
  const since = proposal.sentAt ?? proposal.decidedAt ?? proposal.createdAt;
  const waited = askedAt - since > NEVER_ARRIVED_MS * speed;
  if (proposal.status === 'unknown' && waited) return { kind: 'never-arrived' };
  return { kind: 'waiting', reason: 'the exchange does not know the order yet' };
}

/** The approval covered the stop, so a stop that is missing is placed at once. */
async function protect(
  ports: Pick<Ports, 'clock' | 'account' | 'trading' | 'pause'>,
  proposal: Proposal,
  opened: Opened,
): Promise<Opened | Extract<Lookup, { kind: 'closed' }>> {
  const { position } = opened;
  if (ports.trading === undefined) return opened;
  await ports.trading.placeProtection({
    symbol: position.symbol,
    positionId: position.id,
    stop: levelsOf(proposal).stop,
    target: levelsOf(proposal).target,
  });
  const found = await waitFor(ports, () => lookUp(ports, proposal), {
    deadlineMs: READ_BACK_MS,
    until: (state) => state.kind === 'open' || state.kind === 'closed',
  });
  return 'order' in found ? found : opened;
}

/** What was filled is told beside what was approved, whether it is all of it or not. */
async function reportOpened(
  ports: Pick<Ports, 'clock' | 'proposals' | 'outbox' | 'work'>,
  proposal: Proposal,
  found: Opened | Extract<Lookup, { kind: 'closed' }>,
): Promise<void> {
  const { order } = found;
  const opened = 'position' in found ? found : undefined;
  const now =
    opened === undefined ? 'it opened and has closed again already' : describeOpen(opened);
  const filled = compareFill(proposal, order);
  const outcome = filled.whole ? now : `${now}; ${filled.text}`;
  const done = await ports.proposals.apply(proposal.id, {
    kind: 'done',
    outcome,
    orderId: order.id,
  });
  if (done === undefined) return;
  const name = `${proposal.signal.symbol} ${proposal.signal.side}`;
  const title = filled.inPart ? `Done in part: ${name}` : `Done: ${name}`;
  const lines = [sentence(now), sentence(filled.text)];
  const bare = opened !== undefined && !hasStops(opened.position, opened.snapshot);
  await ports.outbox.revise(proposalKey(proposal.id), {
    title: bare ? `Open, NOT FULLY PROTECTED: ${name}` : title,
    lines,
    ...(bare || filled.inPart ? {} : { good: true }),
  });
  if (filled.inPart) await ports.outbox.raise(rules.doneInPart(proposal, lines, ports.clock.now()));
  await ports.work.refreshAccount();
}

const describeOpen = ({ position, snapshot }: Opened): string =>
  `open, ${numberText(position.qty)} at ${averageText(position.entryPrice)}, ${restingOrders(position, snapshot.protections)}`;

/** Nothing was opened: stored, the card says so, and a message tells it. */
export async function refuse(
  ports: Doors,
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
    title: `Not opened: ${symbol} ${side}`,
    lines: reasons,
  });
  await ports.outbox.raise(rules.notOpened(proposal, reasons, ports.clock.now()));
}

async function loseTrack(ports: Doors, proposal: Proposal, reason: string): Promise<void> {
  const lost = await ports.proposals.apply(proposal.id, { kind: 'lose-track', outcome: reason });
  // Unknown already: a crash may have come before the owner was told, and what was told is not told again.
  if (lost === undefined && proposal.status !== 'unknown') return;
  const { side, symbol } = proposal.signal;
  const finding = rules.orderUnknown({
    clientId: proposal.clientId,
    symbol,
    intent: `open a ${side} of ${numberText(proposal.plan.qty)}`,
    reason,
    at: ports.clock.now(),
  });
  await ports.outbox.raise(finding);
}
