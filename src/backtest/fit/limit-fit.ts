import { DAY, dayStart, weekStart, type Timestamp } from '../../domain/time.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { Random } from '../study/baselines.ts';
import type { Outcome } from './outcomes.ts';

/** The loss limits whose chance is told. */
export const FIT_LIMITS = ['daily', 'drawdown', 'streak'] as const;
export type FitLimit = (typeof FIT_LIMITS)[number];

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
const WEEK = 7 * DAY;
/** Weeks in a row that are drawn together: positions last up to two weeks, and what one week does to the next stays in. */
const BLOCK = 4;
const ROUNDING = 0.000_1;

/** When each limit was first met, in milliseconds from the start; absent where it was not. */
export type FirstMet = Partial<Record<FitLimit, number>>;

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
    firstMet(drawn(weeks, longest, random), { limits, risk, until: longest }),
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
function weeksOf(outcomes: readonly Outcome[]): readonly (readonly Outcome[])[] {
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

function drawn(
  weeks: readonly (readonly Outcome[])[],
  longest: number,
  random: Random,
): readonly Outcome[] {
  if (weeks.length === 0) return [];
  let week = 0;
  return Array.from({ length: Math.ceil(longest / WEEK) }, (_, place) => {
    const from = place * WEEK;
    week = place % BLOCK === 0 ? Math.floor(random() * weeks.length) : (week + 1) % weeks.length;
    return (weeks[week] ?? []).map((each) => ({
      ...each,
      entryTime: each.entryTime + from,
      exitTime: each.exitTime + from,
    }));
  }).flat();
}

interface Held extends Outcome {
  /** What its stop would cost, in parts of the equity at the start. */
  readonly stake: number;
}

interface Rules {
  readonly limits: RiskLimits;
  readonly risk: number;
  /** Milliseconds from the start, at 0. */
  readonly until: number;
}

/** Plays outcomes, by time, through an account of 1 and says when it first met each limit. Times count from 0, the start of a day. */
export function firstMet(outcomes: readonly Outcome[], { limits, risk, until }: Rules): FirstMet {
  const account = createAccount(limits, risk);
  for (const outcome of outcomes) {
    if (outcome.entryTime >= until || account.isOver()) break;
    account.goTo(outcome.entryTime);
    account.ask(outcome);
  }
  if (!account.isOver()) account.goTo(until);
  return account.met();
}

/** The limits of the gate that bound how much is at stake at once, and the stops that hold entries. */
function createAccount(limits: RiskLimits, risk: number) {
  const most = {
    daily: toNumber(limits.dailyLoss),
    drawdown: toNumber(limits.drawdown),
    heat: toNumber(limits.maxHeat),
    smallest: toNumber(limits.smallestTrade) * risk,
  };
  const met: FirstMet = {};
  let held: Held[] = [];
  let wallet = 1;
  let peak = 1;
  let day = { at: 0, equity: 1, trades: 0 };
  let streak = 0;
  let pausedUntil = 0;
  const coolDown = new Map<number, Timestamp>();

  const markAt = ({ entryTime, marks, stake }: Held, at: Timestamp): number => {
    const days = Math.floor((dayStart(at) - dayStart(entryTime)) / DAY);
    return days < 1 ? 0 : stake * (marks[Math.min(days, marks.length) - 1] ?? 0);
  };
  const equityAt = (at: Timestamp): number =>
    wallet + held.reduce((sum, each) => sum + markAt(each, at), 0);

  function meet(limit: FitLimit, at: Timestamp): void {
    met[limit] ??= at;
  }

  /** Entries are held until the next morning at the least. */
  function judge(at: Timestamp): void {
    const equity = equityAt(at);
    peak = Math.max(peak, equity);
    // Trades are sized so that full stops alone stay below it, by the rounding down of the quantity.
    if (day.equity - equity > (most.daily + ROUNDING) * day.equity) {
      meet('daily', at);
      pausedUntil = Math.max(pausedUntil, day.at + DAY);
    }
    if (peak - equity >= most.drawdown * peak) meet('drawdown', at);
    if (streak >= limits.lossStreak) {
      meet('streak', at);
      streak = 0;
      pausedUntil = Math.max(pausedUntil, dayStart(at + limits.lossStreakCoolOffMs) + DAY);
    }
  }

  function close(each: Held): void {
    held = held.filter((other) => other !== each);
    wallet += each.stake * each.r;
    streak = each.r < 0 ? streak + 1 : 0;
    if (each.r < 0) coolDown.set(each.symbol, each.exitTime + limits.symbolCoolDownMs);
    judge(each.exitTime);
  }

  return {
    met: () => met,
    isOver: () => met.drawdown !== undefined,
    /** What ends and what begins on the way there, in its order. */
    goTo(at: Timestamp): void {
      for (;;) {
        const next = held.toSorted((one, other) => one.exitTime - other.exitTime)[0];
        const morning = day.at + DAY;
        const end = next?.exitTime ?? Infinity;
        if (Math.min(end, morning) > at || met.drawdown !== undefined) return;
        if (next !== undefined && end < morning) close(next);
        else {
          day = { at: morning, equity: equityAt(morning), trades: 0 };
          judge(morning);
        }
      }
    },
    ask(outcome: Outcome): void {
      const { entryTime: at, symbol } = outcome;
      if (at < pausedUntil || met.drawdown !== undefined) return;
      if (held.length >= Math.min(limits.maxPositions, limits.maxCorrelated)) return;
      if (day.trades >= limits.maxTradesPerDay || (coolDown.get(symbol) ?? 0) > at) return;
      if (held.some((each) => each.symbol === symbol)) return;
      const equity = equityAt(at);
      const atStake = held.reduce(
        (sum, each) => sum + each.stake + Math.max(0, markAt(each, at)),
        0,
      );
      const lost = Math.max(0, day.equity - equity);
      const budget = most.daily * day.equity - lost - atStake;
      const stake = Math.min(risk * equity, budget, most.heat * equity - atStake);
      if (stake < most.smallest * equity) return;
      day = { ...day, trades: day.trades + 1 };
      held.push({ ...outcome, stake });
    },
  };
}
