import type { AlertButton, Finding } from '../../domain/alert.ts';
import { ratioOf, usdText, type Price } from '../../domain/money/money.ts';
import {
  distance,
  uncoveredQty,
  type Position,
  type ProtectiveOrder,
} from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf, numberText, percentText, restingStops, sentence } from '../phrase.ts';

/** A position that has come a part of its way to liquidation. */
export interface NearLiquidation {
  readonly position: Position;
  readonly protections: readonly ProtectiveOrder[];
  /** The rung that it has reached: percent of the way that are gone. */
  readonly gone: number;
  /** When it came to where it stood before: a rung that was left and is reached again is another happening. */
  readonly since: Timestamp;
}

/** What can be done for a position in trouble. */
export const rescue = ({ id }: Pick<Position, 'id'>): readonly (readonly AlertButton[])[] => [
  [
    { label: 'Set stop', action: 'place-stop', id },
    { label: 'Close it', action: 'close-position', id },
    { label: 'Details', action: 'position-details', id },
  ],
];

/** What is lost when it comes to that. */
export const atStake = ({ marginMode, margin }: Pick<Position, 'marginMode' | 'margin'>): string =>
  marginMode === 'isolated'
    ? `At stake: its margin, ${usdText(margin)}.`
    : 'At stake: the whole balance.';

/**
 * So much of the way from entry to liquidation is left. Always an alarm, but while half of the way is left and stops that work cover
 * all of the position: then they come first.
 */
export function liquidationNear(
  { position, protections, gone, since }: NearLiquidation,
  seen: { readonly mark: Price; readonly at: Timestamp },
): Finding {
  const { mark, at } = seen;
  const { liquidationPrice: liquidation = mark } = position;
  const covered = uncoveredQty(position, protections, mark) === 0n;
  const title = `${nameOf(position)}: ${100 - gone} % of its way to liquidation is left`;
  const stakes = atStake(position);
  const todo = 'Place a stop, close it, or add margin.';
  const away = percentText(ratioOf(distance(mark, liquidation), mark, 'down'));
  return {
    key: `liquidation-near:${position.id}:${gone}:${since}`,
    kind: 'liquidation-near',
    severity: covered && gone < 75 ? 'warning' : 'critical',
    title,
    lines: [
      `Price ${numberText(mark)}, liquidation at ${numberText(liquidation)}: another ${away} against you.`,
      stakes,
      sentence(restingStops(position, protections)),
      todo,
    ],
    // What rests for it may change while it lasts.
    state: {
      id: `liquidation:${position.id}`,
      name: title,
      lines: [stakes, `${todo} /positions shows what rests for it.`],
    },
    buttons: rescue(position),
    chart: { kind: 'position', id: position.id },
    at,
  };
}
