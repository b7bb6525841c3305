import {
  RETRIED_CAUSES,
  type ScanEntry,
  type ScanReport,
  type Silent,
  type Unscored,
} from '../../domain/scan-report.ts';
import { lapseOf } from '../../signals/ordering/lapse.ts';
import { HOUR, MINUTE, type Timestamp } from '../../domain/time.ts';

/** Signals that the report keeps. */
const LISTED = 60;
/** Share of the universe that may be unread where a scan still counts as complete. */
const UNREAD_AT_MOST = 0.1;
/** Share of the universe from which on the owner is told that a strategy is silent after a gap. */
const WIDE = 1 / 3;
/** A candle of which nothing is scored yet replaces the report of the one before only after so long. */
const PATIENCE_MS = 5 * MINUTE;

/** How a sweep went. */
export interface ScanCounts {
  readonly candleOpenTime: Timestamp;
  readonly universe: number;
  /** Symbols that are checked on this candle, by this sweep or an earlier one, in alphabetical order. */
  readonly scored: readonly string[];
  readonly unscored: readonly Unscored[];
  readonly silent: readonly Silent[];
}

/** How many symbols a sweep could not read: they are tried again. */
export const unreadOf = (unscored: readonly Unscored[]): number =>
  unscored
    .filter(({ cause }) => RETRIED_CAUSES.includes(cause))
    .reduce((sum, { symbols }) => sum + symbols.length, 0);

/** Which signals of its candle are judged. */
export const idsOf = ({ ids, found }: ScanReport): readonly string[] =>
  ids ?? found.map(({ signal }) => signal.id);

/** How many signals of the candle that closed then the gate was asked about. */
export const askedOf = (report: ScanReport | undefined, candleClosedAt: Timestamp): number =>
  report?.candleClosedAt === candleClosedAt
    ? report.found.filter(({ fate }) => fate === 'proposed' || fate === 'refused').length
    : 0;

/**
 * The report after a sweep: symbols that came late join their candle's, and the same signal is listed once however often it was
 * found. Undefined where nothing new is known. Pure.
 */
export function nextReport(
  latest: ScanReport | undefined,
  sweep: ScanCounts & { readonly entries: readonly ScanEntry[] },
  clock: { readonly now: Timestamp; readonly speed: number },
): ScanReport | undefined {
  const candleClosedAt = sweep.candleOpenTime + HOUR;
  const { universe, scored, unscored } = sweep;
  const silent = sweep.silent.map((each) => withSince(each, universe, { latest, candleClosedAt }));
  // A clock that went back looks at an older candle: what is known of the newer one stays.
  if (latest !== undefined && candleClosedAt < latest.candleClosedAt) return undefined;
  const same = latest?.candleClosedAt === candleClosedAt ? latest : undefined;
  const early = clock.now - candleClosedAt < PATIENCE_MS * Math.max(1, clock.speed);
  const nothing = scored.length + sweep.entries.length === 0;
  if (latest !== undefined && same === undefined && nothing && early) return undefined;
  const known = new Set(same && idsOf(same));
  const added = sweep.entries.filter((each) => !known.has(each.signal.id));
  if (same !== undefined && added.length === 0 && tells(same, { ...sweep, silent }))
    return undefined;
  const complete = universe > 0 && unreadOf(unscored) <= universe * UNREAD_AT_MOST;
  const found = [...(same?.found ?? []), ...added].slice(0, LISTED);
  const earlier = stillCounting(latest, found, { candleClosedAt, now: clock.now });
  const completeTo = complete ? candleClosedAt : latest?.completeTo;
  return {
    at: clock.now,
    candleClosedAt,
    universe,
    scored,
    unscored,
    silent,
    ...(completeTo === undefined ? {} : { completeTo }),
    ids: [...known, ...added.map(({ signal }) => signal.id)],
    signals: added.length + (same?.signals ?? 0),
    found,
    ...(earlier.length === 0 ? {} : { earlier }),
  };
}

/** What earlier closes found without a card, and has not lapsed: a scan each hour must not hide what counts for two. */
function stillCounting(
  latest: ScanReport | undefined,
  found: readonly ScanEntry[],
  { candleClosedAt, now }: { readonly candleClosedAt: Timestamp; readonly now: Timestamp },
): readonly ScanEntry[] {
  const past = latest?.candleClosedAt === candleClosedAt ? [] : (latest?.found ?? []);
  const listed = new Set(found.map(({ signal }) => signal.id));
  return [...past, ...(latest?.earlier ?? [])]
    .filter(
      ({ signal, fate }) =>
        fate !== 'proposed' &&
        !listed.has(signal.id) &&
        now - signal.candleClosedAt <= (lapseOf(signal).lapsesAfterMs ?? 0),
    )
    .slice(0, LISTED);
}

/** Whether the report says of the universe what the sweep says. */
const tells = (report: ScanReport, { universe, scored, unscored, silent }: ScanCounts): boolean =>
  report.universe === universe &&
  JSON.stringify([report.scored, report.unscored, report.silent]) ===
    JSON.stringify([scored, unscored, silent]);

/** With the candle since which a great part of the universe is silent after a gap. */
function withSince(
  silent: Silent,
  universe: number,
  { latest, candleClosedAt }: { latest: ScanReport | undefined; candleClosedAt: Timestamp },
): Silent {
  if (silent.afterGap === 0 || silent.afterGap < universe * WIDE) return silent;
  const before = latest?.silent?.find(({ strategy }) => strategy === silent.strategy);
  return { ...silent, wideSince: before?.wideSince ?? candleClosedAt };
}
