import type { Finding } from '../domain/alert.ts';
import {
  stopOf,
  targetOf,
  type ClosedPosition,
  type Position,
  type ProtectiveOrder,
} from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { positionClosed, type RestingPrices } from './rules/position-closed.ts';
import { positionGone } from './rules/position-gone.ts';
import { positionOpened } from './rules/position-opened.ts';
import { positionReduced } from './rules/position-reduced.ts';

export interface PositionsChange {
  /** Undefined: nothing was seen before, so there is nothing to compare and only closes are told. */
  readonly before: readonly Position[] | undefined;
  readonly after: readonly Position[];
  /** Closed positions from history since the last look; overlap is harmless, their keys are stable. */
  readonly closed: readonly ClosedPosition[];
  /** What rested at the exchange before: tells a stop from a close by hand. */
  readonly protections?: readonly ProtectiveOrder[];
  readonly now: Timestamp;
}

/** What happened to the positions between two looks: opened, grown, partly closed, closed. */
export function diffPositions(change: PositionsChange): Finding[] {
  const before = new Map((change.before ?? []).map((each) => [each.id, each]));
  const after = new Map(change.after.map((each) => [each.id, each]));
  const findings: Finding[] = [];
  if (change.before !== undefined) {
    for (const now of change.after) {
      const was = before.get(now.id);
      const finding =
        positionOpened(was, now) ?? (was === undefined ? undefined : positionReduced(was, now));
      if (finding !== undefined) findings.push(finding);
    }
  }
  const told = new Set<string>();
  for (const each of change.closed) {
    if (after.has(each.id)) continue;
    told.add(each.id);
    findings.push(
      positionClosed(each, restingBefore(before.get(each.id), change.protections ?? [])),
    );
  }
  for (const was of before.values()) {
    if (!after.has(was.id) && !told.has(was.id)) findings.push(positionGone(was, change.now));
  }
  return findings;
}

function restingBefore(
  position: Position | undefined,
  protections: readonly ProtectiveOrder[],
): RestingPrices {
  if (position === undefined) return {};
  const stop = stopOf(position, protections)?.price;
  const target = targetOf(position, protections);
  return {
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
  };
}
