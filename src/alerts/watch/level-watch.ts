import { rules } from '../explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import { askedToProtect, askedToRemove, type OwnAction } from '../../domain/own-action.ts';
import { stopsOf, type Position, type ProtectiveOrder } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { sameStops, type Levels } from '../rules/levels-moved.ts';

/** What is believed to rest for a position, and what the last look showed instead, if it did. */
export interface BelievedLevels {
  readonly held: Levels;
  readonly doubted?: Levels;
}

export interface LevelReading {
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  /** From the last look, by position id. */
  readonly previous: ReadonlyMap<string, BelievedLevels>;
  readonly actions: readonly OwnAction[];
  readonly now: Timestamp;
}

/**
 * Finds stops and targets that another hand moved. The exchange's list lags behind for a second or two after a change and shows
 * the old level again, so a move counts only when two looks in a row agree on it.
 */
export function watchLevels(reading: LevelReading): {
  readonly believed: ReadonlyMap<string, BelievedLevels>;
  readonly findings: readonly Finding[];
} {
  const believed = new Map<string, BelievedLevels>();
  const findings: Finding[] = [];
  for (const position of reading.positions) {
    const seen = levelsOf(position, reading.protections);
    const before = reading.previous.get(position.id);
    const next = believe(before, seen);
    believed.set(position.id, next);
    if (before === undefined || next.held === before.held) continue;
    if (isOurs([before.held, seen], position.id, reading.actions)) continue;
    const finding = rules.levelsMoved(position, { from: before.held, to: seen }, reading.now);
    if (finding !== undefined) findings.push(finding);
  }
  return { believed, findings };
}

function levelsOf(position: Position, protections: readonly ProtectiveOrder[]): Levels {
  const { largest, resting, target } = stopsOf(position, protections);
  return {
    size: position.qty,
    stops: resting,
    ...(largest === undefined ? {} : { stop: largest.price }),
    ...(target === undefined ? {} : { target }),
  };
}

function believe(before: BelievedLevels | undefined, seen: Levels): BelievedLevels {
  if (before === undefined) return { held: seen };
  if (same(before.held, seen)) return { held: before.held };
  if (before.doubted !== undefined && same(before.doubted, seen)) return { held: seen };
  return { held: before.held, doubted: seen };
}

const same = (a: Levels, b: Levels): boolean =>
  a.stop === b.stop && a.target === b.target && a.size === b.size && sameStops(a.stops, b.stops);

/** Whether Vigil asked for every level that is new, or removed every stop that is gone where none is. */
function isOurs(
  [from, to]: readonly [Levels, Levels],
  positionId: string,
  actions: readonly OwnAction[],
): boolean {
  const { target } = changed(from, to);
  const known = new Set((from.stops ?? []).map(({ price }) => price));
  const fresh = (to.stops ?? []).filter(({ price }) => !known.has(price));
  const stops = fresh.map(({ price }) => ({ stop: price }));
  const other = [...stops, ...(target === undefined ? [] : [{ target }])];
  if (other.length > 0) return other.every((each) => askedToProtect(actions, positionId, each));
  const left = new Set((to.stops ?? []).map(({ price }) => price));
  const gone = [...known].filter((price) => !left.has(price));
  return gone.length > 0 && gone.every((price) => askedToRemove(actions, positionId, price));
}

/** The levels of `to` that differ from those of `from`. */
const changed = (from: Levels, to: Levels): Levels => ({
  ...(to.stop === undefined || to.stop === from.stop ? {} : { stop: to.stop }),
  ...(to.target === undefined || to.target === from.target ? {} : { target: to.target }),
});
