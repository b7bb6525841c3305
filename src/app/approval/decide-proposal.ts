import type { FundingRate } from '../../domain/instrument.ts';
import { divideBy, type Qty } from '../../domain/money/money.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { describeVerdict } from '../../risk/gate/gate.ts';
import { approvalFigures, type ApprovalFigures } from './approval-figures.ts';
import { shownWith } from './compose-gate-input.ts';
import { judgeProposal } from './judge-proposal.ts';
import type { Ports } from '../ports/ports.ts';
import { signalEvidence } from '../views/read-evidence.ts';
import { messageOf } from '../reading/reading.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'proposals' | 'outbox'>;

/** What a tap on Approve leads to before anything is decided. */
export type ApprovalOffer =
  | {
      readonly kind: 'ready';
      readonly proposal: Proposal;
      /** One-time id of the card that is shown now; an approval names it. */
      readonly card: string;
      readonly figures: ApprovalFigures;
    }
  /** Used, expired, replaced or unknown: `reason` is a plain sentence. */
  | { readonly kind: 'gone'; readonly reason: string }
  /** Still pending, but the gate says no now; every reason as a plain sentence. */
  | { readonly kind: 'refused'; readonly proposal: Proposal; readonly reasons: readonly string[] };

/** The card that a new one takes the place of, and how much of its size the new one may have. */
export interface Replaced {
  readonly card: string;
  readonly size: 'same' | 'half';
}

/**
 * The confirmation card for a tap on Approve: the proposal re-judged by the gate with prices and account of this moment. The
 * plan in it is the one that would be sent now, and it is stored as what was shown: an approval never orders more. A card that takes
 * the place of another one is never larger than that, and the other one can no longer be confirmed.
 */
export async function offerApproval(
  ports: Ports,
  nonce: string,
  replaced?: Replaced,
): Promise<ApprovalOffer> {
  const proposal = await ports.proposals.byNonce(nonce);
  if (proposal === undefined) return { kind: 'gone', reason: 'This button has expired.' };
  const gone = whyGone(proposal, ports.clock.now());
  if (gone !== undefined) return { kind: 'gone', reason: gone };
  if (replaced !== undefined && proposal.card !== replaced.card) {
    return { kind: 'gone', reason: NEWER_CARD };
  }
  if (ports.trading === undefined) {
    return {
      kind: 'refused',
      proposal,
      reasons: ['This is watch mode: Vigil cannot send orders.'],
    };
  }
  const [verdict, rates, evidence] = await Promise.all([
    judgeProposal(ports, proposal, replaced && mostOf(proposal, replaced)),
    ports.market.fundingRates().catch((): readonly FundingRate[] => []),
    signalEvidence(ports, proposal.signal),
  ]);
  if (verdict.kind === 'refused') {
    return { kind: 'refused', proposal, reasons: describeVerdict(verdict) };
  }
  const card = ports.nonce();
  const { plan } = verdict.entry;
  const shown = shownWith(proposal.signal, verdict.input);
  const offered = await ports.proposals.apply(proposal.id, { kind: 'offer', plan, card, ...shown });
  if (offered === undefined) return { kind: 'gone', reason: 'It was decided a moment ago.' };
  const figures = approvalFigures({ proposal: offered, judged: verdict, rates, evidence });
  return { kind: 'ready', proposal: offered, card, figures };
}

const mostOf = ({ plan: { qty } }: Proposal, { size }: Replaced): Qty =>
  size === 'half' ? divideBy(qty, 2, 'down') : qty;

/**
 * The owner's confirmation of the card that was shown last. Counts once, before the deadline; the order itself is a job that passes
 * the gate again.
 */
export async function approve(
  ports: Pick<Ports, 'clock' | 'proposals' | 'work' | 'log'>,
  decision: { nonce: string; card: string; by: number },
): Promise<
  | { readonly kind: 'approved'; readonly proposal: Proposal }
  | { readonly kind: 'gone'; readonly reason: string }
> {
  const now = ports.clock.now();
  const proposal = await ports.proposals.byNonce(decision.nonce);
  if (proposal === undefined) return { kind: 'gone', reason: 'This button has expired.' };
  const approved = await ports.proposals.apply(proposal.id, {
    kind: 'approve',
    card: decision.card,
    by: decision.by,
    at: now,
  });
  if (approved === undefined) {
    const current = (await ports.proposals.byId(proposal.id)) ?? proposal;
    return { kind: 'gone', reason: whyGone(current, now) ?? NEWER_CARD };
  }
  // The approval is stored: where its job cannot be made now, the reconciler makes it.
  await ports.work.execute(approved.id).catch((error: unknown) => {
    ports.log.warn('an approval waits for its job', { id: approved.id, reason: messageOf(error) });
  });
  return { kind: 'approved', proposal: approved };
}

const NEWER_CARD =
  'You have a newer confirmation for this signal, and only the newest can be confirmed. Nothing was ordered.';

/**
 * Why Confirm on this card does nothing any more; undefined where it is the newest one and can still be approved. Without a card: why
 * the signal cannot be approved any more.
 */
export async function whyCardIsOld(
  ports: Pick<Ports, 'proposals' | 'clock'>,
  { nonce, card }: { readonly nonce: string; readonly card?: string },
): Promise<string | undefined> {
  const proposal = await ports.proposals.byNonce(nonce);
  if (proposal === undefined) return 'This button has expired.';
  const gone = whyGone(proposal, ports.clock.now());
  return gone ?? (card === undefined || proposal.card === card ? undefined : NEWER_CARD);
}

/** The owner's rejection. Counts once. */
export async function reject(
  ports: Doors,
  decision: { nonce: string; by: number },
): Promise<
  | { readonly kind: 'rejected'; readonly proposal: Proposal }
  | { readonly kind: 'gone'; readonly reason: string }
> {
  const now = ports.clock.now();
  const proposal = await ports.proposals.byNonce(decision.nonce);
  if (proposal === undefined) return { kind: 'gone', reason: 'This button has expired.' };
  const rejected = await ports.proposals.apply(proposal.id, {
    kind: 'reject',
    by: decision.by,
    at: now,
  });
  if (rejected === undefined)
    return { kind: 'gone', reason: whyGone(proposal, now) ?? 'It was decided a moment ago.' };
  await ports.outbox.revise(proposalKey(rejected.id), {
    title: `Rejected: ${rejected.signal.symbol} ${rejected.signal.side}`,
    lines: ['Nothing was ordered.'],
  });
  return { kind: 'rejected', proposal: rejected };
}

/** The deadline job may come so much before the deadline, wall milliseconds. */
const EARLY_MS = 5_000;

/**
 * The deadline job: a pending proposal expires and its message says so. Does nothing when it was decided before; where it comes too
 * early, as when the market's clock goes slower than when it was made, the reconciler ends it at its deadline.
 */
export async function expire(ports: Doors, proposalId: string): Promise<void> {
  const left = ((await ports.proposals.byId(proposalId))?.deadline ?? 0) - ports.clock.now();
  if (left > EARLY_MS * Math.max(1, ports.clock.speed)) return;
  const expired = await ports.proposals.apply(proposalId, {
    kind: 'expire',
    at: ports.clock.now(),
  });
  if (expired === undefined) return;
  await ports.outbox.revise(proposalKey(expired.id), {
    title: `Expired: ${expired.signal.symbol} ${expired.signal.side}`,
    lines: ['You did not answer in time, so nothing was ordered.'],
  });
}

/** Key of the alert that carries a proposal's card. */
export const proposalKey = (id: string): string => `signal:${id}`;

function whyGone(proposal: Proposal, now: number): string | undefined {
  switch (proposal.status) {
    case 'pending':
      return now > proposal.deadline
        ? 'Too late: this signal has expired. Nothing was ordered.'
        : undefined;
    case 'approved':
    case 'executing':
      return 'This signal was already approved and is being carried out.';
    case 'done':
      return `This signal was already carried out: ${proposal.outcome ?? 'the position is open'}.`;
    case 'unknown':
      return 'This order was sent and its outcome is still being looked up.';
    case 'rejected':
      return 'This signal was rejected. Nothing was ordered.';
    case 'expired':
      return 'Too late: this signal has expired. Nothing was ordered.';
    case 'superseded':
      return 'A newer signal has replaced this one. Nothing was ordered.';
    case 'refused':
      return `This signal was refused: ${proposal.outcome ?? 'the risk gate said no'}.`;
  }
}
