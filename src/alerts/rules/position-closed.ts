import { averageText } from '../../domain/words/words.ts';
import { formatDuration } from '../../domain/time.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import {
  distance,
  stopReached,
  sureNet,
  targetReached,
  type ClosedPosition,
} from '../../domain/position.ts';
import { costsLine, resultText } from './closed-result.ts';
import { liquidated } from './liquidated.ts';
import { notVigilOf } from './not-ours.ts';
import { nameOf } from '../phrase.ts';

/** What is known of a position from before it closed; tells how it ended. */
export interface KnownBefore {
  /** What rested at the exchange: the stop that covered most, */
  readonly stop?: Price;
  /** where several cover all of it: the average at which they close it together, */
  readonly stopsTogether?: Price;
  /** and the target. */
  readonly target?: Price;
  /** Who asked for the close, if it was neither stop nor target; absent: not known. */
  readonly by?: 'vigil' | 'somebody else';
}

/** A fill counts as the stop's or target's when it is this near: one part in five of the way from entry to the level. */
const NEAR_PARTS = 5n;

/**
 * Levels fire on the mark price and fill at the last, so a fill may lie a little on either side. Beyond the level counts in any
 * case: that is a gap.
 */
function filledAt(closed: ClosedPosition, level: Price | undefined, reached: boolean): boolean {
  if (level === undefined) return false;
  const way = distance(closed.entryPrice, level);
  return reached || distance(closed.closePrice, level) * NEAR_PARTS <= way;
}

function howItEnded(closed: ClosedPosition, { stop, stopsTogether, target }: KnownBefore): string {
  const { side, closePrice } = closed;
  if (filledAt(closed, stopsTogether, false)) return 'stops filled';
  const stopPassed = stop !== undefined && stopReached(side, stop, closePrice);
  if (filledAt(closed, stop, stopPassed)) return 'stop filled';
  const targetPassed = target !== undefined && targetReached(side, target, closePrice);
  return filledAt(closed, target, targetPassed) ? 'target filled' : 'closed';
}

/** A loss is never silent; a gain that was meant is a good end. */
function loudness(
  closed: ClosedPosition,
  elsewhere: boolean,
): Pick<Finding, 'severity' | 'stakes' | 'good'> {
  if (sureNet(closed) < 0n) return { severity: 'warning', stakes: 'cost' };
  if (elsewhere) return { severity: 'warning' };
  return sureNet(closed) > 0n ? { severity: 'info', good: true } : { severity: 'info' };
}

/** A position that is no more, with its result split into price, fees and funding. */
export function positionClosed(closed: ClosedPosition, before: KnownBefore = {}): Finding {
  if (closed.liquidated) return liquidated(closed, before.stop);
  const how = howItEnded(closed, before);
  const elsewhere = how === 'closed' && before.by === 'somebody else';
  return {
    key: `position-closed:${closed.id}`,
    kind: 'position-closed',
    ...loudness(closed, elsewhere),
    title: `${nameOf(closed)} ${how}: ${resultText(closed)}`,
    lines: [
      `In at ${averageText(closed.entryPrice)}, out at ${averageText(closed.closePrice)}, held ${formatDuration(closed.closedAt - closed.openedAt)}.`,
      costsLine(closed),
      ...(closed.basisAssumed === true
        ? [
            'Vigil cannot tell whether the exchange has already included fees and funding; it is assumed to have.',
          ]
        : []),
      ...(elsewhere ? [`Neither stop nor target closed it. ${notVigilOf(closed.gross)}`] : []),
    ],
    chart: { kind: 'position', id: closed.id },
    at: closed.closedAt,
  };
}
