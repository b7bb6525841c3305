/**
 * Which rows of a recording stand in order: the most of them whose times never go back, so that one row with a wrong time, early
 * or late, is left out and not all that follow it. Of equal choices the one with the earlier rows.
 */
export function rowsInOrder(times: readonly number[]): ReadonlySet<number> {
  const kept = new Set(times.keys());
  if (times.every((time, row) => row === 0 || time >= (times[row - 1] ?? NaN))) return kept;
  kept.clear();
  for (let link = firstOfLongest(times); link !== undefined; link = link.next) kept.add(link.index);
  return kept;
}

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
