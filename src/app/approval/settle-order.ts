import { rules } from '../../alerts/explain/with-basis.ts';
import { averageText } from '../../domain/words/words.ts';
import { numberText, restingOrders, sentence } from '../../alerts/phrase.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';
import { proposalKey } from './decide-proposal.ts';
import type { Ports } from '../ports/ports.ts';
import { compareFill } from './compare-fill.ts';
import {
  isFilling,
  lookUntilClear,
  lookUntilProtected,
  lookUp,
  type Filled,
  type Found,
} from './find-order.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'proposals' | 'outbox'>;

/** One look for an order that was, or may have been, sent: when it is clear what became of it, that is told and stored. */
export async function settleAtOnce(ports: Ports, proposal: Proposal): Promise<void> {
  const found = await lookUp(ports, proposal);
  if (found.kind === 'waiting' || isFilling(found)) return;
  // Whoever asks is about to close what is open, so a stop that is missing is not placed.
  await conclude(ports, proposal, found);
}

/** Finds out what became of an order that was, or may have been, sent, and says so with evidence from the exchange. */
export async function settle(ports: Ports, proposal: Proposal): Promise<void> {
  const found = await lookUntilClear(ports, proposal);
  const end = found.kind === 'naked' ? await protect(ports, proposal, found) : found;
  await conclude(ports, proposal, end);
}

/** The approval covered the stop, so a stop that is missing is placed at once. */
async function protect(
  ports: Pick<Ports, 'clock' | 'account' | 'trading' | 'pause'>,
  proposal: Proposal,
  naked: Extract<Found, { kind: 'naked' }>,
): Promise<Found> {
  const { position } = naked;
  if (ports.trading === undefined) return naked;
  await ports.trading.placeProtection({
    symbol: position.symbol,
    positionId: position.id,
    stop: levelsOf(proposal).stop,
    target: levelsOf(proposal).target,
  });
  const found = await lookUntilProtected(ports, proposal);
  return 'order' in found ? found : naked;
}

/** Stores what became of it and tells it. */
async function conclude(
  ports: Pick<Ports, 'clock' | 'proposals' | 'outbox' | 'work'>,
  proposal: Proposal,
  found: Found,
): Promise<void> {
  switch (found.kind) {
    case 'open':
    case 'naked':
    case 'closed':
      return reportFilled(ports, proposal, found);
    case 'not-filled':
      return refuse(ports, proposal, [`The order was not filled (${found.status}).`]);
    case 'never-arrived':
      return refuse(ports, proposal, ['The order never reached the exchange. Nothing was opened.']);
    case 'waiting':
      return loseTrack(ports, proposal, found.reason);
  }
}

/** What was filled is told beside what was approved, whether it is all of it or not. */
async function reportFilled(
  ports: Pick<Ports, 'clock' | 'proposals' | 'outbox' | 'work'>,
  proposal: Proposal,
  found: Filled,
): Promise<void> {
  const { order } = found;
  const now =
    found.kind === 'closed' ? 'it opened and has closed again already' : describeOpen(found);
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
  const bare = found.kind === 'naked';
  await ports.outbox.revise(proposalKey(proposal.id), {
    title: bare ? `Open, NOT FULLY PROTECTED: ${name}` : title,
    lines,
    ...(bare || filled.inPart ? {} : { good: true }),
  });
  if (filled.inPart) await ports.outbox.raise(rules.doneInPart(proposal, lines, ports.clock.now()));
  await ports.work.refreshAccount();
}

const describeOpen = ({ position, snapshot }: Exclude<Filled, { kind: 'closed' }>): string =>
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
