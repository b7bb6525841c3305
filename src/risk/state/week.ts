import { max, type Usd } from '../../domain/money/money.ts';
import { DAY, HOUR, type Timestamp } from '../../domain/time.ts';

/** Equity at one moment, restated since by every deposit and withdrawal in proportion, as the other baselines are. */
export interface EquityMark {
  readonly at: Timestamp;
  readonly equity: Usd;
}

/** How far back the week looks. */
export const WEEK_MS = 7 * DAY;
/** One mark an hour: the first good reading of it. */
const STEP_MS = HOUR;
/** A mark that is older than this says only what equity was before a gap. */
const WHOLE_MS = WEEK_MS + 2 * STEP_MS;

/** The marks with this one, if its hour has none, and without those that a later one of at least 7 days replaces. Oldest first. */
export function withMark(
  marks: readonly EquityMark[],
  mark: EquityMark | undefined,
  now: Timestamp,
): readonly EquityMark[] {
  const last = marks.at(-1);
  const fresh =
    mark !== undefined &&
    (last === undefined || Math.floor(mark.at / STEP_MS) > Math.floor(last.at / STEP_MS));
  const second = marks.findIndex((each) => each.at > now - WEEK_MS);
  const from = Math.max(0, (second < 0 ? marks.length : second) - 1);
  if (!fresh && from === 0) return marks;
  return fresh ? [...marks.slice(from), mark] : marks.slice(from);
}

/** The equity that a week's loss is measured against. */
export interface WeekBase extends EquityMark {
  /** Vigil knows nothing from 7 days ago: it is the oldest that is known. */
  readonly short: boolean;
}

/**
 * Equity of 7 days before `now`: the newest mark that is at least so old. Where nothing was read around then, the higher of what was
 * read before and after it: a loss in the gap may lie within the week. Where nothing is so old, the oldest. Undefined without marks.
 */
export function weekBase(marks: readonly EquityMark[], now: Timestamp): WeekBase | undefined {
  const after = marks.findIndex((each) => each.at > now - WEEK_MS);
  const before = after < 0 ? marks.at(-1) : marks[after - 1];
  const next = after < 0 ? undefined : marks[after];
  if (before === undefined) return next === undefined ? undefined : { ...next, short: true };
  if (next === undefined || now - before.at <= WHOLE_MS) return { ...before, short: false };
  return { at: before.at, equity: max(before.equity, next.equity), short: false };
}

/** The moments of the last 7 days that have a mark, oldest first, when all of them are worked out at once. */
export const markTimes = (now: Timestamp): readonly Timestamp[] =>
  Array.from({ length: WEEK_MS / STEP_MS }, (_, n) => now - WEEK_MS + n * STEP_MS);
