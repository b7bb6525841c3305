import { askedToCancel, type OwnAction } from '../../domain/own-action.ts';
import type { ClosedPosition, Position } from '../../domain/position.ts';
import { SECOND, type Timestamp } from '../../domain/time.ts';
import type { EndedStop } from './ended-stops.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';

/** Wall time that the exchange's lists may lag: two absences that are nearer to each other may be one. */
export const LISTS_LAG_MS = 3 * SECOND;

/** What shows that something which is not listed has ended. */
export interface Ended {
  readonly closed: readonly ClosedPosition[];
  readonly stops: readonly EndedStop[];
  readonly actions: readonly OwnAction[];
  /** Milliseconds of the application's clock in which a second absence says nothing new. */
  readonly lagMs: number;
}

/**
 * The reading with what the one before had and this one lacks: lists lag, and leave rows out, so one absence is no evidence. A
 * position has ended when the exchange's history has it as closed, a stop when its history says how, an order when Vigil itself
 * cancelled it; each of them also when a second reading in a row lacks it, `lagMs` or more after the first. Stops go with their position.
 */
export function keepUnlisted(
  before: AccountSnapshot | undefined,
  now: AccountSnapshot,
  ended: Ended,
): AccountSnapshot {
  if (before === undefined) return now;
  const { at } = now;
  const { lagMs } = ended;
  const positions = unlistedPositions(before, now, ended);
  const kept = new Set(positions.map(({ id }) => id));
  const listed = new Set(now.positions.map(({ id }) => id));
  const hasEnded = (id: string): boolean =>
    ended.stops.some(({ stop, end }) => stop.id === id && end !== undefined);
  const protections = missing(before.protections, now.protections, {
    since: before.unlisted?.protections,
    at,
    lagMs,
  }).filter(
    ({ id, positionId }) => kept.has(positionId) || (listed.has(positionId) && !hasEnded(id)),
  );
  const orders = missing(before.openOrders, now.openOrders, {
    since: before.unlisted?.orders,
    at,
    lagMs,
  }).filter(({ id }) => !askedToCancel(ended.actions, id));
  const since = (
    rows: readonly { readonly id: string }[],
    first: ReadonlyMap<string, Timestamp> = new Map(),
  ): ReadonlyMap<string, Timestamp> => new Map(rows.map(({ id }) => [id, first.get(id) ?? at]));
  return {
    ...now,
    positions: [...now.positions, ...positions],
    protections: [...now.protections, ...protections],
    openOrders: [...now.openOrders, ...orders],
    unlisted: {
      positions: since(positions, before.unlisted?.positions),
      protections: since(protections, before.unlisted?.protections),
      orders: since(orders, before.unlisted?.orders),
    },
  };
}

/** Positions that the reading before had, this one lacks not long after the first that did, and the history does not have as closed. */
export const unlistedPositions = (
  before: AccountSnapshot,
  now: AccountSnapshot,
  { closed, lagMs }: Pick<Ended, 'closed' | 'lagMs'>,
): readonly Position[] =>
  missing(before.positions, now.positions, {
    since: before.unlisted?.positions,
    at: now.at,
    lagMs,
  }).filter(({ id }) => !closed.some((each) => each.id === id));

/** Those that are not listed, for the first time or so shortly after it that the list may lag. */
function missing<Row extends { readonly id: string }>(
  before: readonly Row[],
  now: readonly Row[],
  absent: {
    readonly since: ReadonlyMap<string, Timestamp> | undefined;
    readonly at: Timestamp;
    readonly lagMs: number;
  },
): readonly Row[] {
  const listed = new Set(now.map(({ id }) => id));
  const lags = (id: string): boolean =>
    absent.at - (absent.since?.get(id) ?? absent.at) < absent.lagMs;
  return before.filter(({ id }) => !listed.has(id) && lags(id));
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
