import { DAY, weekStart, type Timestamp } from '../../domain/time.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { Random } from '../study/baselines.ts';
import { FitAccount } from './fit-account.ts';
import type { FirstMet, FitLimit } from './fit-account.ts';
import type { Outcome } from './outcomes.ts';

export type { FirstMet, FitLimit } from './fit-account.ts';

/** How often one limit or the other was met from as many starts. All between 0 and 1. */
export interface Fit {
  /** Risk of one trade, a fraction of equity. */
  readonly risk: number;
  readonly starts: number;
  /** Share of the starts from which each limit was met within so many days. */
  readonly met: readonly ({ readonly days: number } & Readonly<Record<FitLimit, number>>)[];
}

export const FIT_DAYS = [30, 180] as const;
/** Risks that are told beside the one that is set. */
export const FIT_RISKS = [0.005, 0.01, 0.015] as const;
export const WEEK = 7 * DAY;
/** Weeks in a row that are drawn together: positions last up to two weeks, and what one week does to the next stays in. */
const BLOCK = 4;

export interface FitInput {
  /** In the order in which the gate is asked. */
  readonly outcomes: readonly Outcome[];
  readonly limits: RiskLimits;
  readonly risk: number;
  readonly starts: number;
  readonly random: Random;
}

/**
 * From the recorded outcomes of signals: weeks drawn at random, with replacement, put one after the other, and the account that takes
 * them by its limits until the longest time is over. An owner who resumes each morning where a limit lets them.
 */
export function fitOf({ outcomes, limits, risk, starts, random }: FitInput): Fit {
  const weeks = weeksOf(outcomes);
  const longest = Math.max(...FIT_DAYS) * DAY;
  const all = Array.from({ length: starts }, () =>
    played(drawn(weeks, longest, random), { limits, risk, until: longest }),
  );
  return { risk, starts, met: FIT_DAYS.map((days) => sharesWithin(all, days)) };
}

/** Share of the starts from which each limit was met within so many days. */
export function sharesWithin(all: readonly FirstMet[], days: number): Fit['met'][number] {
  const share = (limit: FitLimit): number =>
    all.filter((each) => (each[limit] ?? Infinity) <= days * DAY).length / all.length;
  return { days, daily: share('daily'), drawdown: share('drawdown'), streak: share('streak') };
}

/** The outcomes by week, quiet weeks too, with times from the start of their week. */
export function weeksOf(outcomes: readonly Outcome[]): readonly (readonly Outcome[])[] {
  const first = weekStart(outcomes[0]?.entryTime ?? 0);
  const weeks: Outcome[][] = [];
  for (const each of outcomes) {
    const week = (weekStart(each.entryTime) - first) / WEEK;
    while (weeks.length <= week) weeks.push([]);
    const from = first + week * WEEK;
    weeks[week]?.push({
      ...each,
      entryTime: each.entryTime - from,
      exitTime: each.exitTime - from,
    });
  }
  return weeks;
}

/** Outcomes whose times count from a moment. */
interface Part {
  readonly from: Timestamp;
  readonly outcomes: readonly Outcome[];
}

/** Weeks in a row until so much time is full, four of them at a time from a week drawn at random. */
export function drawn(
  weeks: readonly (readonly Outcome[])[],
  longest: number,
  random: Random,
): readonly Part[] {
  if (weeks.length === 0) return [];
  let week = 0;
  return Array.from({ length: Math.ceil(longest / WEEK) }, (_, place) => {
    week = place % BLOCK === 0 ? Math.floor(random() * weeks.length) : (week + 1) % weeks.length;
    return { from: place * WEEK, outcomes: weeks[week] ?? [] };
  });
}

interface Rules {
  readonly limits: RiskLimits;
  readonly risk: number;
  /** Milliseconds from the start, at 0. */
  readonly until: number;
}

/** Plays outcomes, by time, through an account of 1 and says when it first met each limit. Times count from 0, the start of a day. */
export const firstMet = (outcomes: readonly Outcome[], rules: Rules): FirstMet =>
  played([{ from: 0, outcomes }], rules);

/** `firstMet` of outcomes in parts, by time. */
export function played(parts: readonly Part[], { limits, risk, until }: Rules): FirstMet {
  const account = new FitAccount(limits, risk);
  for (const { from, outcomes } of parts) {
    for (const outcome of outcomes) {
      const at = from + outcome.entryTime;
      if (at >= until || account.isOver()) break;
      account.goTo(at);
      account.ask(outcome, from);
    }
  }
  account.goTo(until);
  return account.met;
}
