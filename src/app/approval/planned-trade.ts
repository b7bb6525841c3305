import { MINUTE, type Timestamp } from '../../domain/time.ts';
import { ratioOf, type Price, type Ratio, type Usd } from '../../domain/money/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';

/** What was planned when a trade was approved, beside what came of it. */
export interface PlannedTrade {
  readonly strategy: string;
  readonly stop: Price;
  readonly target: Price;
  /** What it could lose at its stop, with costs. */
  readonly risk: Usd;
  /** Its net result ÷ `risk`; -1 is what was planned at worst. */
  readonly r: Ratio;
}

/** A position is the one of an order that left so shortly before or after it was opened. */
const APART_MS = 10 * MINUTE;

/** The plan of the approved signal that opened it; undefined for what was opened by hand or longer ago than signals are kept. */
export function plannedOf(
  closed: ClosedPosition,
  proposals: readonly Proposal[],
): PlannedTrade | undefined {
  const apart = (sentAt: Timestamp): number => Math.abs(sentAt - closed.openedAt);
  const [found] = proposals
    .flatMap((each) => {
      const { signal, sentAt, status } = each;
      const fits =
        status === 'done' && signal.symbol === closed.symbol && signal.side === closed.side;
      return fits && sentAt !== undefined && apart(sentAt) <= APART_MS ? [{ each, sentAt }] : [];
    })
    .toSorted((one, other) => apart(one.sentAt) - apart(other.sentAt));
  if (found === undefined) return undefined;
  const { signal, plan } = found.each;
  const { stop, target } = levelsOf(found.each);
  if (plan.risk <= 0n) return undefined;
  return {
    strategy: signal.strategy,
    stop,
    target,
    risk: plan.risk,
    r: ratioOf(closed.net, plan.risk, 'half-even'),
  };
}
