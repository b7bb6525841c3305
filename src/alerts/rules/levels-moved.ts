import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import { pnlOf, stopReached, type Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import { FOREIGN, NOT_VIGIL } from './not-ours.ts';

/** The resting stop and target of a position, as far as there are any. */
export interface Levels {
  readonly stop?: Price;
  readonly target?: Price;
}

/**
 * A stop or target that another hand moved. A stop that lets the position lose more is a warning; one that is gone altogether is
 * told by `unprotected`. Undefined when nothing moved.
 */
export function levelsMoved(
  position: Position,
  moved: { readonly from: Levels; readonly to: Levels },
  now: Timestamp,
): Finding | undefined {
  const stop = stopLine(position, moved.from.stop, moved.to.stop);
  const target = targetLine(moved.from.target, moved.to.target);
  if (stop === undefined && target === undefined) return undefined;
  return {
    key: `levels-moved:${position.id}:${moved.to.stop ?? 'none'}:${moved.to.target ?? 'none'}:${now}`,
    kind: 'notice',
    ...(stop?.looser === true ? FOREIGN : { severity: 'info' }),
    title: `${nameOf(position)}: ${[stop?.title, target].filter((each) => each !== undefined).join('; ')}`,
    lines: [...(stop === undefined ? [] : [stop.line]), NOT_VIGIL],
    chart: { kind: 'position', id: position.id },
    at: now,
  };
}

function stopLine(
  position: Position,
  from: Price | undefined,
  to: Price | undefined,
): { readonly title: string; readonly line: string; readonly looser: boolean } | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  const resultAt = (exit: Price): string =>
    signedUsd(pnlOf(position, { entry: position.entryPrice, exit }));
  return {
    title: `its stop was moved from ${numberText(from)} to ${numberText(to)}`,
    line: `At the new stop the result is about ${resultAt(to)} before fees and funding; at the old one it was ${resultAt(from)}.`,
    looser: stopReached(position.side, from, to),
  };
}

function targetLine(from: Price | undefined, to: Price | undefined): string | undefined {
  if (from === undefined || from === to) return undefined;
  return to === undefined
    ? `its target at ${numberText(from)} is gone`
    : `its target was moved from ${numberText(from)} to ${numberText(to)}`;
}
