import { averageText } from '../../domain/words/words.ts';
import { formatDuration } from '../../domain/time.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import { nameOf, numberText } from '../phrase.ts';
import { costsLine, resultText } from './closed-result.ts';

/** The exchange closed the whole position by force. `stop`: what rested at the exchange before, if it is known. */
export const liquidated = (closed: ClosedPosition, stop: Price | undefined): Finding => ({
  key: `position-closed:${closed.id}`,
  kind: 'position-closed',
  severity: 'critical',
  title: `LIQUIDATED: ${nameOf(closed)} was closed by force: ${resultText(closed)}`,
  lines: [
    'Its margin no longer covered the loss, and is gone.',
    stop === undefined
      ? 'Vigil knows of no stop that rested for it.'
      : `A stop rested at ${numberText(stop)}: it did not close the position in time.`,
    `In at ${averageText(closed.entryPrice)}, out at ${averageText(closed.closePrice)},${closed.leverage === undefined ? '' : ` ${closed.leverage}x,`} held ${formatDuration(closed.closedAt - closed.openedAt)}.`,
    costsLine(closed),
    'See what else is open: /positions.',
  ],
  chart: { kind: 'position', id: closed.id },
  at: closed.closedAt,
});
