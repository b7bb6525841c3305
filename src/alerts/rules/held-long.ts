import type { Finding } from '../../domain/alert.ts';
import { DAY, formatUtc, type Timestamp } from '../../domain/time.ts';
import type { Position } from '../../domain/position.ts';
import { usdText } from '../../domain/money/money.ts';
import { nameOf } from '../phrase.ts';

/** Days after which the record of every strategy leaves a position. */
const LEFT_AFTER_DAYS = 14;

/** A position that is older than any of the record: the owner is asked, once, whether to close it. Undefined before. */
export function heldLong(position: Position, now: Timestamp): Finding | undefined {
  const { id, openedAt, unrealisedPnl } = position;
  const due = openedAt + LEFT_AFTER_DAYS * DAY;
  if (openedAt <= 0 || now < due) return undefined;
  return {
    key: `held-long:${id}`,
    kind: 'notice',
    severity: 'warning',
    title: `${nameOf(position)} is open for ${LEFT_AFTER_DAYS} days. Close it?`,
    lines: [
      `It was opened ${formatUtc(openedAt)} and stands at ${usdText(unrealisedPnl)} now.`,
      `The strategies are measured with an end after ${LEFT_AFTER_DAYS} days: what it does from here on is in no record.`,
      'Nothing happens unless you close it. Its stop and target stay.',
    ],
    buttons: [
      [
        { label: 'Close it', action: 'close-position', id },
        { label: 'Details', action: 'position-details', id },
      ],
    ],
    at: due,
  };
}
