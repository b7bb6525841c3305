import { DAY, HOUR, type Timestamp } from '../../domain/time.ts';

/** A step of a limit: since when it is reached, and when it was seen last. `passed`: a higher one was told in its place. */
interface Step {
  readonly since: Timestamp;
  readonly seenAt: Timestamp;
  readonly again: boolean;
  readonly passed: boolean;
}

/** By limit, level and day. */
export type LimitSteps = ReadonlyMap<string, Step>;

/** A step that was not seen for so long was left: a value that trembles there is told once. */
const LEFT_MS = HOUR;

interface Warning {
  /** "limit:level:day". */
  readonly key: string;
  readonly id: string;
  readonly level: number;
}

/** The warnings by steps: one that was left and is reached again on the same day is another happening, one under a step that was told is none. */
export function standOnLimits<W extends Warning>(
  warnings: readonly W[],
  { before, lower, now }: { before: LimitSteps; lower: readonly number[]; now: Timestamp },
): { readonly steps: LimitSteps; readonly warnings: readonly W[] } {
  const steps = new Map([...before].filter(([, { seenAt }]) => now - seenAt < DAY));
  const see = (key: string, passed: boolean): Step => {
    const known = steps.get(key);
    const left = known !== undefined && now - known.seenAt >= LEFT_MS;
    const step =
      known === undefined || left
        ? { since: now, seenAt: now, again: left || known?.again === true, passed }
        : { ...known, seenAt: now };
    steps.set(key, step);
    return step;
  };
  const told = warnings.flatMap((each) => {
    for (const level of lower.filter((other) => other < each.level))
      see(each.key.replace(`${each.id}:${each.level}:`, `${each.id}:${level}:`), true);
    const { again, since, passed } = see(each.key, false);
    if (passed) return [];
    return [again ? { ...each, key: `${each.key}:${since}` } : each];
  });
  return { steps, warnings: told };
}
