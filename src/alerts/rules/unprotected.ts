import { formatDuration, SECOND, type Timestamp } from '../../domain/time.ts';
import type { Finding } from '../../domain/alert.ts';
import { usdText, type Qty } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { nameOf, numberText } from '../phrase.ts';

/** A position may be without a full stop for this long, the time that setting one takes. */
export const UNPROTECTED_AFTER_MS = 10 * SECOND;

/** The age of what was seen; between two looks a stop may have come and gone. */
function sinceText({ openedAt }: Position, since: Timestamp, now: Timestamp): string {
  const age = formatDuration(now - since);
  return since === openedAt
    ? `It was opened ${age} ago, and no stop of it has been seen.`
    : `Nothing has limited its loss for ${age}.`;
}

/** A position that no resting stop of full size on the right side has protected for more than 10 s. */
export function unprotected(
  position: Position,
  open: { readonly since: Timestamp; readonly uncovered: Qty },
  now: Timestamp,
): Finding | undefined {
  if (open.uncovered <= 0n || now - open.since <= UNPROTECTED_AFTER_MS) return undefined;
  const whole = open.uncovered === position.qty;
  const what = whole
    ? 'has no stop'
    : `has no stop for ${numberText(open.uncovered)} of ${numberText(position.qty)}`;
  const liquidation =
    position.liquidationPrice === undefined
      ? 'No liquidation price is known.'
      : `Liquidation at ${numberText(position.liquidationPrice)}.`;
  return {
    key: `unprotected:${position.id}:${open.since}`,
    kind: 'unprotected',
    severity: 'critical',
    title: `${nameOf(position)} ${what}`,
    lines: [
      `${sinceText(position, open.since, now)} Margin ${usdText(position.margin)}. ${liquidation}`,
      'Place the suggested stop with the button, set one at the exchange, or close the position.',
    ],
    buttons: [[{ label: 'Place suggested stop', action: 'place-stop', id: position.id }]],
    chart: { kind: 'position', id: position.id },
    at: now,
  };
}
