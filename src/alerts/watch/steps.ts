import type { Timestamp } from '../../domain/time.ts';

/** One rung: it is reached at `at` and left again under `until`, so that a value that trembles there is told once. */
export interface Rung {
  readonly at: number;
  readonly until: number;
}

/** The highest rung that was reached and not left, and since when; absent rung: none, since the value was last calm. */
export interface Standing {
  readonly at?: number;
  readonly since: Timestamp;
}

/** Where the value stands after a look. `rungs` ascend. `rose`: it has reached a higher rung than before. */
export function standOn(
  rungs: readonly Rung[],
  before: Standing,
  look: { readonly value: number; readonly now: Timestamp },
): { readonly standing: Standing; readonly rose: boolean } {
  const held = rungs.findLast(
    ({ at, until }) =>
      look.value >= at || (before.at !== undefined && at <= before.at && look.value >= until),
  )?.at;
  if (held === before.at) return { standing: before, rose: false };
  const standing = held === undefined ? { since: look.now } : { at: held, since: look.now };
  return { standing, rose: held !== undefined && held > (before.at ?? 0) };
}
