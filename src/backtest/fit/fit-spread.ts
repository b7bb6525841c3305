import { DAY } from '../../domain/time.ts';
import { deviationOf } from '../figures/statistics.ts';
import { FIT_LIMITS, type FitLimit } from './fit-account.ts';
import {
  drawn,
  FIT_DAYS,
  played,
  sharesWithin,
  WEEK,
  weeksOf,
  type FitInput,
} from './limit-fit.ts';

const HISTORIES = 24;
/** Weeks from one start to the next. */
const APART = 2;

/** How much the shares of one history differ from those of another as long, within so many days. */
export type Spread = { readonly days: number } & Readonly<Record<FitLimit, number>>;

/**
 * Standard deviation, 0 to 1, of what would be seen from starts in one history, between histories as long as the recorded one whose weeks
 * are drawn anew. Starts that overlap see the same weeks: two years hold no more than four half years, however many mornings are
 * tried, and what is seen in them may lie so far from what is predicted by chance alone. None where the history is too short.
 */
export function spreadOf({
  outcomes,
  limits,
  risk,
  random,
}: Omit<FitInput, 'starts'>): readonly Spread[] {
  const weeks = weeksOf(outcomes);
  const until = Math.max(...FIT_DAYS) * DAY;
  const whole = Math.ceil(until / WEEK);
  if (weeks.length < whole) return [];
  const seen = Array.from({ length: HISTORIES }, () => {
    const history = drawn(weeks, weeks.length * WEEK, random);
    const starts: ReturnType<typeof played>[] = [];
    for (let start = 0; start + whole <= history.length; start += APART) {
      const parts = history.slice(start, start + whole);
      const own = parts.map(({ outcomes: each }, week) => ({ from: week * WEEK, outcomes: each }));
      starts.push(played(own, { limits, risk, until }));
    }
    return starts;
  });
  return FIT_DAYS.map((days) => {
    const shares = seen.map((starts) => sharesWithin(starts, days));
    const [daily = NaN, drawdown = NaN, streak = NaN] = FIT_LIMITS.map((limit) =>
      deviationOf(shares.map((each) => each[limit])),
    );
    return { days, daily, drawdown, streak };
  });
}
