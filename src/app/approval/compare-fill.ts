import { numberText } from '../../alerts/phrase.ts';
import { ratio, scaleBy } from '../../domain/money/money.ts';
import type { Order, OrderStatus } from '../../domain/order.ts';
import type { Proposal } from '../../domain/proposal.ts';

/** In these nothing more of an order is filled. */
export const ENDED: readonly OrderStatus[] = [
  'filled',
  'cancelled',
  'partly-filled-cancelled',
  'expired',
  'rejected',
];

/** The quantity that was filled beside the one that was approved. */
export interface FillReport {
  /** Words for every report, whether it is all of it or not. */
  readonly text: string;
  /** As much as was approved, to the last digit. */
  readonly whole: boolean;
  /** Noticeably less: the exchange filled a part, or the limits took more than a tenth off. */
  readonly inPart: boolean;
}

/** A size shrinks by a little with each move of the price; from here on it is news. */
const NOTICED = ratio('0.9');

/** Compares what was filled with what the owner approved. Pure. */
export function compareFill(
  { approvedQty, plan }: Pick<Proposal, 'approvedQty' | 'plan'>,
  { filledQty, qty, status }: Pick<Order, 'filledQty' | 'qty' | 'status'>,
): FillReport {
  const approved = approvedQty ?? plan.qty;
  const of = `filled ${numberText(filledQty)} of the ${numberText(approved)} you approved`;
  const rest = ENDED.includes(status)
    ? 'the exchange cancelled the rest'
    : 'the rest is still open at the exchange';
  const why = [
    ...(qty < approved ? [`the limits allowed ${numberText(qty)} when it was ordered`] : []),
    ...(filledQty < qty ? [rest] : []),
  ];
  return {
    text: why.length === 0 ? of : `${of}: ${why.join(', ')}`,
    whole: filledQty === approved,
    inPart: filledQty < qty || filledQty < scaleBy(approved, NOTICED, 'down'),
  };
}
