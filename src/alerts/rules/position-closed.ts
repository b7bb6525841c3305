import { formatDuration } from '../../domain/time.ts';
import type { Finding } from '../../domain/alert.ts';
import { neg, type Price } from '../../domain/money.ts';
import { stopReached, targetReached, type ClosedPosition } from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';

/** What rested at the exchange before the position closed; tells how it ended. */
export interface RestingPrices {
  readonly stop?: Price;
  readonly target?: Price;
}

function howItEnded(closed: ClosedPosition, resting: RestingPrices): string {
  if (closed.liquidated) return 'liquidated by the exchange';
  const { stop, target } = resting;
  if (stop !== undefined && stopReached(closed.side, stop, closed.closePrice)) return 'stop filled';
  if (target !== undefined && targetReached(closed.side, target, closed.closePrice))
    return 'target filled';
  return 'closed';
}

/** A position that is no more, with its result split into price, fees and funding. A liquidation is critical. */
export function positionClosed(closed: ClosedPosition, resting: RestingPrices = {}): Finding {
  const how = howItEnded(closed, resting);
  return {
    key: `position-closed:${closed.id}`,
    kind: 'position-closed',
    severity: closed.liquidated ? 'critical' : 'info',
    title: `${nameOf(closed)} ${how}: ${signedUsd(closed.net)}`,
    lines: [
      `In at ${numberText(closed.entryPrice)}, out at ${numberText(closed.closePrice)}, held ${formatDuration(closed.closedAt - closed.openedAt)}.`,
      `Price ${signedUsd(closed.gross)}, fees ${signedUsd(neg(closed.fees))}, funding ${signedUsd(closed.funding)}.`,
    ],
    chart: { kind: 'position', id: closed.id },
    at: closed.closedAt,
  };
}
