import type { Side } from '../../domain/position.ts';
import { weekStart, type Timestamp } from '../../domain/time.ts';
import { signedText } from '../../domain/words/words.ts';
import { MIN_TRADES } from '../figures/metrics.ts';
import { meanInterval, meanOf, type MeanInterval } from '../figures/statistics.ts';

/** One followed signal with a known end. */
export interface SideResult {
  readonly side: Side;
  readonly clean?: boolean | undefined;
  readonly entryTime: Timestamp;
  readonly target: boolean;
  /** Result after all costs in parts of what the stop would have cost. */
  readonly r: number;
}

/** What the signals of one strategy and side did, each followed on its own. */
export interface SideRecord {
  readonly side: Side;
  /** True: its clean signals alone. */
  readonly clean: boolean;
  readonly n: number;
  /** How many reached their target. */
  readonly targets: number;
  /** Result in R with its 95 % interval, clustered by week. */
  readonly meanR: Omit<MeanInterval, 'n'>;
  /** Weeks with a signal, and the mean of their mean results, each week the same. */
  readonly weeks: number;
  readonly ordinaryWeek: number;
  /** The five best weeks' part of the whole gain; absent where there is none. */
  readonly bestFive?: number | undefined;
}

const BEST = 5;

/** The record of each side that has a signal; of its clean ones too, where some are clean and some not. */
export function sideRecords(results: readonly SideResult[]): readonly SideRecord[] {
  return (['long', 'short'] as const).flatMap((side) => {
    const own = results.filter((each) => each.side === side);
    const clean = own.filter((each) => each.clean === true);
    return [
      ...(own.length === 0 ? [] : [recordOfSide(own, { side, clean: false })]),
      ...(clean.length === 0 ? [] : [recordOfSide(clean, { side, clean: true })]),
    ];
  });
}

function recordOfSide(
  own: readonly SideResult[],
  which: Pick<SideRecord, 'side' | 'clean'>,
): SideRecord {
  const byWeek = new Map<Timestamp, number[]>();
  for (const { entryTime, r } of own) {
    const week = weekStart(entryTime);
    byWeek.set(week, [...(byWeek.get(week) ?? []), r]);
  }
  const weeks = [...byWeek.values()];
  const sums = weeks.map(sum).toSorted((one, other) => other - one);
  const total = sum(sums);
  const { n: _n, ...meanR } = meanInterval(
    own.map(({ r, entryTime }) => ({ value: r, cluster: weekStart(entryTime) })),
  );
  return {
    ...which,
    n: own.length,
    targets: own.filter(({ target }) => target).length,
    meanR,
    weeks: weeks.length,
    ordinaryWeek: meanOf(weeks.map(meanOf)),
    ...(total > 0 ? { bestFive: sum(sums.slice(0, BEST)) / total } : {}),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/**
 * "41 of 100 such signals reached the target, 33 break even; +0.22 times the risk each (-0.05 to +0.49); most of it in 5 weeks of
 * 103, in an ordinary week -0.17". `breakEven`: the share of winners at which nothing is gained or lost.
 */
export function sideText(
  { clean, n, targets, meanR, weeks, ordinaryWeek, bestFive }: SideRecord,
  breakEven: number,
): string {
  if (n < MIN_TRADES) return `not measured yet (${n} of ${MIN_TRADES} cases)`;
  const { mean, low, high } = meanR;
  const interval = Number.isNaN(low)
    ? 'all in one week'
    : `${signedText(low, 2)} to ${signedText(high, 2)}`;
  const most = bestFive !== undefined && bestFive > 0.5 && weeks > BEST;
  return [
    `${Math.round((targets / n) * 100)} of 100 such ${clean ? 'clean ' : ''}signals reached the target, ${Math.round(breakEven * 100)} break even`,
    `${signedText(mean, 2)} times the risk each (${interval})`,
    `${most ? `most of it in ${BEST} weeks of ${weeks}, ` : ''}in an ordinary week ${signedText(ordinaryWeek, 2)}`,
  ].join('; ');
}
