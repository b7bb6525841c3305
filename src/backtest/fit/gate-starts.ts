import { DAY, dayStart, type Timestamp } from '../../domain/time.ts';
import { ratioFromNumber } from '../../domain/money/money.ts';
import { runPortfolio } from '../account/portfolio.ts';
import type { PortfolioInput } from '../account/portfolio-run.ts';
import type { Timeline } from '../account/timeline.ts';
import { FIT_LIMITS, type FirstMet, type FitLimit } from './fit-account.ts';
import { FIT_DAYS, sharesWithin, type Fit } from './limit-fit.ts';

/** What the emergency stop calls each limit. */
const TRIGGERS: Readonly<Record<FitLimit, string>> = {
  daily: 'daily-loss',
  drawdown: 'drawdown',
  streak: 'loss-streak',
};

/** A start in the data, with how long the data go on after it. */
export interface GateStart {
  readonly from: Timestamp;
  /** Milliseconds. */
  readonly left: number;
  readonly met: FirstMet;
}

/** `count` mornings, evenly apart, from the first signal on to the last from which the shortest time still fits. */
export function mornings({ times, requests }: Timeline, count: number): readonly Timestamp[] {
  const first = dayStart(Math.min(...requests.keys()));
  const last = dayStart((times.at(-1) ?? NaN) - FIT_DAYS[0] * DAY);
  const days = Math.floor((last - first) / DAY) + 1;
  if (!(days > 0)) return [];
  const some = Math.min(count, days);
  return Array.from({ length: some }, (_, n) => first + Math.floor((n * days) / some) * DAY);
}

/** The account run from that morning through the real gate, with the money and the owner of the input, until the longest time is over. */
export function startAt(
  input: PortfolioInput,
  timeline: Timeline,
  { from, risk }: { readonly from: Timestamp; readonly risk: number },
): GateStart {
  const longest = FIT_DAYS[1] * DAY;
  const limits = { ...input.limits, riskPerTrade: ratioFromNumber(risk) };
  const until = { from, to: from + longest, endsWith: TRIGGERS.drawdown };
  const { halts } = runPortfolio({ ...input, limits, ...until }, timeline);
  const met: FirstMet = {};
  for (const limit of FIT_LIMITS) {
    const halt = halts.find(({ trigger }) => trigger === TRIGGERS[limit]);
    if (halt !== undefined) met[limit] = halt.at - from;
  }
  const end = (timeline.times.at(-1) ?? NaN) + timeline.candleMs;
  return { from, left: Math.min(longest, end - from), met };
}

/** Shares of the starts that have the whole time before them. */
export const seenWithin = (
  starts: readonly Pick<GateStart, 'left' | 'met'>[],
): readonly (Fit['met'][number] & { readonly starts: number })[] =>
  FIT_DAYS.map((days) => {
    const whole = starts.filter(({ left }) => left >= days * DAY);
    const met = whole.map((each) => each.met);
    return { ...sharesWithin(met, days), starts: whole.length };
  });
