import { stopsOf, type Position, type ProtectiveOrder } from '../../domain/position.ts';
import { formatDuration, type Timestamp } from '../../domain/time.ts';
import { nameOf } from '../phrase.ts';
import { diffPositions } from '../watch/diff-positions.ts';

/** What the account held at one look. */
export interface Held {
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly at: Timestamp;
}

/** So many changes are named; of more the number is. */
const NAMED = 6;

/** What became of the positions between two looks, in one sentence. `before` undefined: nothing is known of the time before. */
export function changedMeanwhile(before: Held | undefined, after: Held): string {
  const naked = after.positions.filter(
    (each) => stopsOf(each, after.protections).uncovered > 0n && each.qty > 0n,
  );
  const changes =
    before === undefined
      ? []
      : diffPositions({
          before: before.positions,
          after: after.positions,
          closed: [],
          protections: before.protections,
          now: after.at,
        }).map(({ title }) => title.replace(/\.$/, ''));
  const lines = [
    ...changes,
    ...naked.map((each) => `${nameOf(each)} is not fully protected by a stop`),
  ];
  if (lines.length > 0) {
    const more = lines.length > NAMED ? `; and ${lines.length - NAMED} more` : '';
    return `Meanwhile: ${lines.slice(0, NAMED).join('; ')}${more}.`;
  }
  if (after.positions.length === 0) return 'No position is open.';
  return before === undefined ? 'Every position has its stop.' : 'Positions as you left them.';
}

/** What the owner is told when Vigil starts again, or another process of it takes over. `awayMs`: since it last said that it was alive. */
export function backText(
  awayMs: number,
  about: { planned: boolean; takenOver: boolean; meanwhile: string },
): string {
  const { planned, takenOver, meanwhile } = about;
  if (takenOver) {
    return `Another process of mine keeps watch now. Nobody did for ${formatDuration(awayMs)}. ${meanwhile}`;
  }
  const why = planned ? 'It was stopped on purpose.' : 'It had not been stopped on purpose.';
  return `I am back. I was away ${formatDuration(awayMs)}. ${why} ${meanwhile}`;
}
