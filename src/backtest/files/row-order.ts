import { commonest } from '../candles/candle-length.ts';

/** So many rows, or so large a part, that do not stand in order are no strays: the rows are in no order. */
const STRAYS = 10;
const STRAY_SHARE = 0.1;

export interface Ordered<T> {
  /** By time, ascending; rows of one time as they stood. */
  readonly ordered: readonly T[];
  /** Rows that lie alone, far before or behind the others, in the midst of which they stand: their time is wrong. */
  readonly strays: readonly { readonly row: T; readonly isLate: boolean }[];
  /** How most of them stood; `mixed` where neither most ascended nor most descended. */
  readonly stood: 'oldest first' | 'newest first' | 'mixed';
}

/** Puts rows in the order of their times, in whatever order they stand. */
export function inOrder<T>(rows: readonly T[], timeOf: (row: T) => number): Ordered<T> {
  const times = rows.map(timeOf);
  if (neverGoBack(times)) return { ordered: rows, strays: [], stood: 'oldest first' };
  const ascending = rowsInOrder(times);
  const backwards = rows.toReversed();
  const descending = rowsInOrder(backwards.map(timeOf));
  const isReversed = descending.size > ascending.size;
  const [stand, kept] = isReversed ? [backwards, descending] : [rows, ascending];
  const order = isReversed ? 'newest first' : 'oldest first';
  const stood = kept.size * 2 > rows.length ? order : 'mixed';
  const sorted = stand.toSorted((one, other) => timeOf(one) - timeOf(other));
  const loose = stand.length - kept.size;
  if (loose === 0 || loose > Math.max(STRAYS, stand.length * STRAY_SHARE)) {
    return { ordered: sorted, strays: [], stood };
  }
  const { from, to } = reachOf(
    stand.filter((_, row) => kept.has(row)).map(timeOf),
    sorted.map(timeOf),
  );
  const strays = sorted
    .filter((row) => timeOf(row) < from || timeOf(row) > to)
    .map((row) => ({ row, isLate: timeOf(row) > to }));
  return {
    ordered: sorted.filter((row) => timeOf(row) >= from && timeOf(row) <= to),
    strays,
    stood,
  };
}

/** The time that rows in order cover, and what follows them on either side without a gap. */
function reachOf(kept: readonly number[], sorted: readonly number[]): { from: number; to: number } {
  let [from, to] = [kept[0] ?? NaN, kept.at(-1) ?? NaN];
  const step = commonest(kept.slice(1).map((time, index) => time - (kept[index] ?? NaN))) ?? 0;
  for (const time of sorted) if (time > to && time - to <= step) to = time;
  for (const time of sorted.toReversed()) if (time < from && from - time <= step) from = time;
  return { from, to };
}

/**
 * Which rows of a recording stand in order: the most of them whose times never go back, so that one row with a wrong time, early
 * or late, is left out and not all that follow it. Of equal choices the one with the earlier rows.
 */
export function rowsInOrder(times: readonly number[]): ReadonlySet<number> {
  if (neverGoBack(times)) return new Set(times.keys());
  const kept = new Set<number>();
  for (let link = firstOfLongest(times); link !== undefined; link = link.next) kept.add(link.index);
  return kept;
}

const neverGoBack = (times: readonly number[]): boolean =>
  times.every((time, row) => row === 0 || time >= (times[row - 1] ?? NaN));

/** A row with the longest run that can follow it. */
interface Link {
  readonly index: number;
  readonly time: number;
  readonly next: Link | undefined;
}

/** From the last row to the first, the latest start of a run of each length is known. */
function firstOfLongest(times: readonly number[]): Link | undefined {
  const starts: Link[] = [];
  for (let index = times.length - 1; index >= 0; index -= 1) {
    const time = times[index] ?? NaN;
    const length = runsFrom(starts, time);
    starts[length] = { index, time, next: starts[length - 1] };
  }
  return starts.at(-1);
}

/** How long the longest of the runs is that starts at this time or later; starts get earlier with the length. */
function runsFrom(starts: readonly Link[], time: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle]?.time ?? NaN) >= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
