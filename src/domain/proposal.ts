import type { Price, Qty, Ratio, Usd } from './money/money.ts';
import type { Signal } from './signal.ts';
import type { Timestamp } from './time.ts';

/** The sized trade that the risk gate allowed, as it is shown to the owner. */
export interface TradePlan {
  /** The price that every figure below was worked out with: the mark price when the gate judged it. */
  readonly entry: Price;
  readonly qty: Qty;
  readonly notional: Usd;
  readonly margin: Usd;
  readonly leverage: number;
  /** Loss if the stop fills: price loss + taker fees on both legs + assumed slippage. */
  readonly risk: Usd;
  /** `risk` ÷ equity. */
  readonly riskFraction: Ratio;
  /** Taker fees of entry and exit. */
  readonly fees: Usd;
  /** Reward ÷ risk from `entry`, after taker fees on both legs; undefined when it cannot be computed. */
  readonly rewardRisk?: Ratio;
  /** Estimated liquidation price of an isolated position; undefined when it cannot be computed. */
  readonly liquidationPrice?: Price;
  /** Which limit bound the size, such as "risk per trade" or "margin per position". */
  readonly boundBy: string;
}

/** A tap on Approve counts only while the mark price is inside this band. */
export interface PriceBand {
  readonly low: Price;
  readonly high: Price;
}

export type Levels = Pick<Signal, 'stop' | 'target'>;

/** Stop and target that were shown and would be ordered. */
export const levelsOf = ({ levels, signal }: Pick<Proposal, 'levels' | 'signal'>): Levels =>
  levels ?? signal;

export type ProposalStatus =
  | 'pending'
  | 'approved'
  | 'rejected'
  | 'expired'
  | 'superseded'
  | 'executing'
  | 'done'
  | 'refused'
  | 'unknown';

/** A signal that passed the gate and waits for, or went through, the owner's decision. */
export interface Proposal {
  /** The signal's id. */
  readonly id: string;
  /** 22 characters of base64url (16 random bytes): what the buttons carry. */
  readonly nonce: string;
  readonly signal: Signal;
  readonly plan: TradePlan;
  readonly band: PriceBand;
  /** Stop and target where they were moved to the price of the newest card; absent: those of the signal. */
  readonly levels?: Levels;
  readonly status: ProposalStatus;
  readonly createdAt: Timestamp;
  readonly deadline: Timestamp;
  /** Idempotency key of the entry order: made before the first request, never changed. */
  readonly clientId: string;
  readonly decidedAt?: Timestamp;
  readonly decidedBy?: number;
  /** When it was about to be sent: from then on it may be at the exchange. */
  readonly sentAt?: Timestamp;
  /** One-time id of the newest card with Confirm: only that one can be approved. */
  readonly card?: string;
  /** What the approved card showed; later plans may be smaller. */
  readonly approvedQty?: Qty;
  /** Plain words on how it ended: the refusals, the fill, or what is unknown. */
  readonly outcome?: string;
  readonly orderId?: string;
}

export type ProposalEvent =
  /** The plan of this moment is shown with Confirm on a card of this id: what is approved next is this, and no more. */
  | ({
      readonly kind: 'offer';
      readonly plan: TradePlan;
      readonly card: string;
    } & Partial<Pick<Proposal, 'band' | 'levels'>>)
  | {
      readonly kind: 'approve';
      readonly card: string;
      readonly by: number;
      readonly at: Timestamp;
    }
  | { readonly kind: 'reject'; readonly by: number; readonly at: Timestamp }
  | { readonly kind: 'expire'; readonly at: Timestamp }
  | { readonly kind: 'supersede'; readonly at: Timestamp }
  | { readonly kind: 'execute'; readonly plan: TradePlan; readonly at: Timestamp }
  | { readonly kind: 'done'; readonly outcome: string; readonly orderId: string }
  | { readonly kind: 'refuse'; readonly outcome: string }
  | { readonly kind: 'lose-track'; readonly outcome: string };

/** Approved, and its end is not known yet: an entry order that is on its way, or may be. */
export const isOnTheWay = ({ status }: Pick<Proposal, 'status'>): boolean =>
  status === 'approved' || status === 'executing' || status === 'unknown';

/** The next proposal, or undefined where the event is not possible in this status (used, expired, not yet approved). */
export function transitionProposal(proposal: Proposal, event: ProposalEvent): Proposal | undefined {
  const { status } = proposal;
  switch (event.kind) {
    case 'offer':
      return status === 'pending' ? offered(proposal, event) : undefined;
    case 'approve':
      if (status !== 'pending' || event.at > proposal.deadline) return undefined;
      // An offer from before cards had ids is not known to be what was shown.
      if (proposal.card !== event.card) return undefined;
      return {
        ...proposal,
        status: 'approved',
        approvedQty: proposal.plan.qty,
        decidedAt: event.at,
        decidedBy: event.by,
      };
    case 'reject':
      if (status !== 'pending') return undefined;
      return { ...proposal, status: 'rejected', decidedAt: event.at, decidedBy: event.by };
    case 'expire':
      return status === 'pending' ? { ...proposal, status: 'expired' } : undefined;
    case 'supersede':
      return status === 'pending' ? { ...proposal, status: 'superseded' } : undefined;
    case 'execute':
      return status === 'approved'
        ? { ...proposal, status: 'executing', plan: event.plan, sentAt: event.at }
        : undefined;
    case 'refuse':
      return isOnTheWay(proposal)
        ? { ...proposal, status: 'refused', outcome: event.outcome }
        : undefined;
    case 'lose-track':
      return status === 'executing'
        ? { ...proposal, status: 'unknown', outcome: event.outcome }
        : undefined;
    case 'done':
      return status === 'executing' || status === 'unknown'
        ? { ...proposal, status: 'done', outcome: event.outcome, orderId: event.orderId }
        : undefined;
  }
}

const offered = (
  proposal: Proposal,
  { plan, card, band = proposal.band, levels }: Extract<ProposalEvent, { kind: 'offer' }>,
): Proposal => ({ ...proposal, plan, card, band, ...(levels === undefined ? {} : { levels }) });
