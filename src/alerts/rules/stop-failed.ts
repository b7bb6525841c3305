import { usdText } from '../../domain/money/money.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf, numberText } from '../phrase.ts';
import { lacksStop } from './unprotected.ts';

const WHAT_TO_DO = 'Close the position, or place another stop: the button suggests one.';

/** The price reached a stop, and the exchange could not carry it out: the position is still open, without it. */
export const stopFailed = (
  position: Position,
  failed: ProtectiveOrder,
  now: Timestamp,
): Finding => ({
  key: `stop-failed:${failed.id}`,
  kind: 'unprotected',
  severity: 'critical',
  title: `${nameOf(position)}: its stop${failed.stopPrice === undefined ? '' : ` at ${numberText(failed.stopPrice)}`} FAILED, the position is still open`,
  lines: [
    `The exchange says that the stop was reached and could not be carried out. Size ${numberText(position.qty)}, margin ${usdText(position.margin)}.`,
    WHAT_TO_DO,
  ],
  state: {
    id: lacksStop(position),
    name: `${nameOf(position)}: its stop failed, the position is still open`,
    lines: [WHAT_TO_DO],
  },
  buttons: [[{ label: 'Place suggested stop', action: 'place-stop', id: position.id }]],
  chart: { kind: 'position', id: position.id },
  at: now,
});
