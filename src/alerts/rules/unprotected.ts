import { formatDuration, SECOND, type Timestamp } from '../../domain/time.ts';
import type { Finding } from '../../domain/alert.ts';
import { usdText, type Qty } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { nameOf, numberText } from '../phrase.ts';

/** A position may be without a full stop for this long, the time that setting one takes. */
export const UNPROTECTED_AFTER_MS = 10 * SECOND;

/** The state of a position that lacks a full stop, for whatever reason. */
export const lacksStop = ({ id }: Pick<Position, 'id'>): string => `unprotected:${id}`;

/** The age of what was seen; between two looks a stop may have come and gone. */
function sinceText(whole: boolean, opened: boolean, age: string): string {
  return opened
    ? `It was opened ${age} ago, and no stop ${whole ? 'of it' : 'for that part'} has been seen.`
    : `Nothing has limited ${lossOf(whole)} for ${age}.`;
}

const lossOf = (whole: boolean): string => (whole ? 'its loss' : 'the loss of that part');

/** A part that lacks a stop is another happening when it becomes another quarter of the position, rounded up. */
const quarterOf = (uncovered: Qty, { qty }: Position): string =>
  `:part:${(uncovered * 4n + qty - 1n) / qty}`;

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
  const name = `${nameOf(position)} ${what}`;
  const opened = open.since === position.openedAt;
  const todo = 'Place a stop, or close it: /positions.';
  return {
    key: `unprotected:${position.id}:${open.since}${whole ? '' : quarterOf(open.uncovered, position)}`,
    kind: 'unprotected',
    severity: 'critical',
    title: name,
    lines: [
      `${sinceText(whole, opened, formatDuration(now - open.since))} Margin ${usdText(position.margin)}. ${liquidation}`,
      todo,
    ],
    state: {
      id: lacksStop(position),
      name,
      lines: [
        `Nothing limits ${lossOf(whole)}. Margin ${usdText(position.margin)}. ${liquidation}`,
        todo,
      ],
    },
    buttons: [[{ label: 'Place suggested stop', action: 'place-stop', id: position.id }]],
    chart: { kind: 'position', id: position.id },
    at: now,
  };
}
