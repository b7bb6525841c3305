import { rules } from '../explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import {
  mulDiv,
  notionalOf,
  ONE_RATIO,
  sub,
  sumUsd,
  type Price,
  type Qty,
} from '../../domain/money/money.ts';
import {
  askedForLeverage,
  askedToClose,
  askedToReduce,
  type OwnAction,
} from '../../domain/own-action.ts';
import {
  stopsOf,
  type ClosedPosition,
  type Position,
  type ProtectiveOrder,
  type Stops,
} from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { KnownBefore } from '../rules/position-closed.ts';

export interface PositionsChange {
  /** Undefined: nothing was seen before, so there is nothing to compare and only closes are told. */
  readonly before: readonly Position[] | undefined;
  readonly after: readonly Position[];
  /** Closed positions from history since the last look; overlap is harmless, their keys are stable. */
  readonly closed: readonly ClosedPosition[];
  /** What rested at the exchange before: tells a stop from a close by hand. */
  readonly protections?: readonly ProtectiveOrder[];
  /** What rests there now: tells which stop for a part has filled. */
  readonly protectionsNow?: readonly ProtectiveOrder[];
  /** What Vigil itself asked the exchange for. */
  readonly actions?: readonly OwnAction[];
  readonly now: Timestamp;
}

/** What happened to the positions between two looks: opened, grown, partly closed, closed, set differently. */
export function diffPositions(change: PositionsChange): Finding[] {
  const before = new Map((change.before ?? []).map((each) => [each.id, each]));
  const after = new Map(change.after.map((each) => [each.id, each]));
  const findings: Finding[] = [];
  if (change.before !== undefined) {
    for (const now of change.after) {
      const was = before.get(now.id);
      const opened = rules.positionOpened(was, now);
      if (opened !== undefined) findings.push(opened);
      if (was !== undefined) findings.push(...changesOf(was, now, change));
    }
  }
  const notified = new Set<string>();
  for (const each of change.closed) {
    if (after.has(each.id)) continue;
    notified.add(each.id);
    findings.push(rules.positionClosed(each, knownBefore(before.get(each.id), change)));
  }
  for (const was of before.values()) {
    if (!after.has(was.id) && !notified.has(was.id))
      findings.push(rules.positionGone(was, change.now));
  }
  return findings;
}

/** What became of a position that stays open. */
function changesOf(was: Position, now: Position, change: PositionsChange): Finding[] {
  const { actions = [], protections = [] } = change;
  const closedQty = sub(was.qty, now.qty);
  const forAPart = (qty: Qty | undefined): boolean => qty !== undefined && qty < was.qty;
  const own = protections.filter((each) => each.positionId === was.id);
  const partialLevel = own.some((each) => forAPart(each.stopQty) || forAPart(each.targetQty));
  const rests = new Set((change.protectionsNow ?? protections).map(({ id }) => id));
  const ended = own.find(
    (each) => !rests.has(each.id) && (each.stopQty === closedQty || each.targetQty === closedQty),
  );
  const found = [
    rules.positionReduced(was, now, {
      vigil: askedToReduce(actions, was.id),
      partialLevel,
      ...(ended === undefined ? {} : { filled: ended }),
    }),
    rules.positionSettings(was, now, { byVigil: askedForLeverage(actions, now), now: change.now }),
  ];
  return found.filter((each) => each !== undefined);
}

/** The average price of several stops that cover all of it. */
function togetherOf({ parts, uncovered }: Stops, size: Qty): Pick<KnownBefore, 'stopsTogether'> {
  if (parts.length < 2 || uncovered > 0n || size <= 0n) return {};
  const value = sumUsd(parts.map(({ price, covers }) => notionalOf(price, covers, 'half-even')));
  return { stopsTogether: mulDiv(value, ONE_RATIO, { c: size, rounding: 'half-even' }) as Price };
}

/** The newest level that Vigil asked for since. */
const asked = (
  actions: readonly OwnAction[],
  positionId: string,
  level: 'stop' | 'target',
): Price | undefined =>
  actions
    .flatMap((each) =>
      each.kind === 'protect' && each.positionId === positionId ? (each[level] ?? []) : [],
    )
    .at(-1);

function knownBefore(position: Position | undefined, change: PositionsChange): KnownBefore {
  if (position === undefined) return {};
  const { actions = [], protections = [] } = change;
  const stops = stopsOf(position, protections);
  const { largest, resting, partTargets, target = asked(actions, position.id, 'target') } = stops;
  const askedStop = asked(actions, position.id, 'stop');
  return {
    stops: resting.map(({ price }) => price),
    size: position.qty,
    realised: position.realisedGross,
    ...(largest === undefined ? {} : { stop: largest.price }),
    ...(askedStop === undefined ? {} : { askedStop }),
    ...togetherOf(stops, position.qty),
    ...(target === undefined ? {} : { target }),
    partTargets: partTargets.map(({ price }) => price),
    by: askedToClose(actions, position.id) ? 'vigil' : 'somebody else',
  };
}
