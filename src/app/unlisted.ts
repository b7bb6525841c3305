import { askedToCancel, type OwnAct } from '../domain/own-act.ts';
import type { ClosedPosition, Position } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import type { EndedStop } from './ended-stops.ts';
import type { AccountSnapshot } from './ports.ts';

/** What shows that something which is not listed has ended. */
export interface Ended {
  readonly closed: readonly ClosedPosition[];
  readonly stops: readonly EndedStop[];
  readonly acts: readonly OwnAct[];
}

/**
 * The reading with what the one before had and this one lacks: lists lag, and leave rows out, so one absence is no evidence. A
 * position has ended when the exchange's history has it as closed, a stop when its history says how, an order when Vigil itself
 * cancelled it; each of them also when a second reading in a row lacks it. Stops go with their position.
 */
export function keepUnlisted(
  before: AccountSnapshot | undefined,
  now: AccountSnapshot,
  ended: Ended,
): AccountSnapshot {
  if (before === undefined) return now;
  const { at } = now;
  const positions = unlistedPositions(before, now, ended.closed);
  const kept = new Set(positions.map(({ id }) => id));
  const listed = new Set(now.positions.map(({ id }) => id));
  const hasEnded = (id: string): boolean =>
    ended.stops.some(({ stop, end }) => stop.id === id && end !== undefined);
  const protections = missing(
    before.protections,
    now.protections,
    before.unlisted?.protections,
  ).filter(
    ({ id, positionId }) => kept.has(positionId) || (listed.has(positionId) && !hasEnded(id)),
  );
  const orders = missing(before.openOrders, now.openOrders, before.unlisted?.orders).filter(
    ({ id }) => !askedToCancel(ended.acts, id),
  );
  const since = (rows: readonly { readonly id: string }[]): ReadonlyMap<string, Timestamp> =>
    new Map(rows.map(({ id }) => [id, at]));
  return {
    ...now,
    positions: [...now.positions, ...positions],
    protections: [...now.protections, ...protections],
    openOrders: [...now.openOrders, ...orders],
    unlisted: {
      positions: since(positions),
      protections: since(protections),
      orders: since(orders),
    },
  };
}

/** Positions that the reading before had, this one is the first to lack, and the exchange's history does not have as closed. */
export const unlistedPositions = (
  before: AccountSnapshot,
  now: AccountSnapshot,
  closed: readonly ClosedPosition[],
): readonly Position[] =>
  missing(before.positions, now.positions, before.unlisted?.positions).filter(
    ({ id }) => !closed.some((each) => each.id === id),
  );

/** Those that are not listed for the first time. */
function missing<Row extends { readonly id: string }>(
  before: readonly Row[],
  now: readonly Row[],
  unlisted: ReadonlyMap<string, Timestamp> = new Map(),
): readonly Row[] {
  const listed = new Set(now.map(({ id }) => id));
  return before.filter(({ id }) => !listed.has(id) && !unlisted.has(id));
}

/**
 * Since when positions have had no full stop, as the last look knew it: where a stop was not listed then either, from there on, so
 * that being kept for one reading delays no alarm.
 */
export function unprotectedBefore(
  before: AccountSnapshot | undefined,
): ReadonlyMap<string, Timestamp> {
  const unlisted = before?.unlisted?.protections;
  const missed = (before?.protections ?? []).flatMap(({ id, positionId }) => {
    const since = unlisted?.get(id);
    return since === undefined ? [] : [[positionId, since] as const];
  });
  return new Map([...missed, ...(before?.unprotectedSince ?? [])]);
}
