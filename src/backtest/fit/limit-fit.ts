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

/** Outcomes whose times count from a moment. */
interface Part {
  readonly from: Timestamp;
  readonly outcomes: readonly Outcome[];
}

function drawn(
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
export const firstMet = (outcomes: readonly Outcome[], rules: Rules): FirstMet =>
  played([{ from: 0, outcomes }], rules);

function played(parts: readonly Part[], { limits, risk, until }: Rules): FirstMet {
  const account = new FitAccount(limits, risk);
  for (const { from, outcomes } of parts) {
    for (const outcome of outcomes) {
      const at = from + outcome.entryTime;
      if (at >= until || account.isOver()) break;
      account.goTo(at);
      account.ask(outcome, from);
    }
  }
  if (!account.isOver()) account.goTo(until);
  return account.met;
}

/** What it stood at, in parts of the equity at the start, at the start of the day of a moment. */
function markAt({ entryTime, marks, stake }: Held, at: Timestamp): number {
  const days = Math.floor((dayStart(at) - dayStart(entryTime)) / DAY);
  return days < 1 ? 0 : stake * (marks[Math.min(days, marks.length) - 1] ?? 0);
}

/** An account with the limits of the gate that bound how much is at stake at once, and the stops that hold entries. */
class FitAccount {
  readonly met: FirstMet = {};
  readonly #limits: RiskLimits;
  readonly #risk: number;
  readonly #most: Readonly<Record<'daily' | 'drawdown' | 'heat' | 'smallest', number>>;
  readonly #coolDown = new Map<number, Timestamp>();
  #held: readonly Held[] = [];
  #wallet = 1;
  #peak = 1;
  #day = { at: 0, equity: 1, trades: 0 };
  #streak = 0;
  #pausedUntil = 0;

  constructor(limits: RiskLimits, risk: number) {
    this.#limits = limits;
    this.#risk = risk;
    this.#most = {
      daily: toNumber(limits.dailyLoss),
      drawdown: toNumber(limits.drawdown),
      heat: toNumber(limits.maxHeat),
      smallest: toNumber(limits.smallestTrade) * risk,
    };
  }

  isOver(): boolean {
    return this.met.drawdown !== undefined;
  }

  /** What ends and what begins on the way there, in its order. */
  goTo(at: Timestamp): void {
    while (!this.isOver()) {
      const next = this.#nextToEnd();
      const morning = this.#day.at + DAY;
      const end = next?.exitTime ?? Infinity;
      if (Math.min(end, morning) > at) return;
      if (next !== undefined && end < morning) this.#close(next);
      else {
        this.#day = { at: morning, equity: this.#equityAt(morning), trades: 0 };
        this.#judge(morning);
      }
    }
  }

  #nextToEnd(): Held | undefined {
    let next: Held | undefined;
    for (const each of this.#held) if (each.exitTime < (next?.exitTime ?? Infinity)) next = each;
    return next;
  }

  /** Takes it where the limits let it; its times count from `from`. */
  ask(outcome: Outcome, from: Timestamp): void {
    const at = from + outcome.entryTime;
    if (!this.#mayEnter(at, outcome)) return;
    const equity = this.#equityAt(at);
    const atStake = this.#held.reduce(
      (sum, each) => sum + each.stake + Math.max(0, markAt(each, at)),
      0,
    );
    const lost = Math.max(0, this.#day.equity - equity);
    const budget = this.#most.daily * this.#day.equity - lost - atStake;
    const stake = Math.min(this.#risk * equity, budget, this.#most.heat * equity - atStake);
    if (stake < this.#most.smallest * equity) return;
    this.#day = { ...this.#day, trades: this.#day.trades + 1 };
    const exitTime = from + outcome.exitTime;
    this.#held = [...this.#held, { ...outcome, entryTime: at, exitTime, stake }];
  }

  #mayEnter(at: Timestamp, { symbol }: Outcome): boolean {
    const { maxPositions, maxCorrelated, maxTradesPerDay } = this.#limits;
    if (at < this.#pausedUntil || this.isOver()) return false;
    // Coins that break down together move together: the gate counts them as one cluster nearly always.
    if (this.#held.length >= Math.min(maxPositions, maxCorrelated)) return false;
    if (this.#day.trades >= maxTradesPerDay || (this.#coolDown.get(symbol) ?? 0) > at) return false;
    return this.#held.every((each) => each.symbol !== symbol);
  }

  #equityAt(at: Timestamp): number {
    return this.#wallet + this.#held.reduce((sum, each) => sum + markAt(each, at), 0);
  }

  #close(each: Held): void {
    this.#held = this.#held.filter((other) => other !== each);
    this.#wallet += each.stake * each.r;
    this.#streak = each.r < 0 ? this.#streak + 1 : 0;
    if (each.r < 0) {
      this.#coolDown.set(each.symbol, each.exitTime + this.#limits.symbolCoolDownMs);
    }
    this.#judge(each.exitTime);
  }

  /** A limit that is met holds entries until the next morning at the least. */
  #judge(at: Timestamp): void {
    const equity = this.#equityAt(at);
    this.#peak = Math.max(this.#peak, equity);
    const { daily, drawdown } = this.#most;
    // Trades are sized so that full stops alone stay below it, by the rounding down of the quantity.
    if (this.#day.equity - equity > (daily + ROUNDING) * this.#day.equity) {
      this.met.daily ??= at;
      this.#pausedUntil = Math.max(this.#pausedUntil, this.#day.at + DAY);
    }
    if (this.#peak - equity >= drawdown * this.#peak) this.met.drawdown ??= at;
    if (this.#streak >= this.#limits.lossStreak) {
      this.met.streak ??= at;
      this.#streak = 0;
      const rested = dayStart(at + this.#limits.lossStreakCoolOffMs) + DAY;
      this.#pausedUntil = Math.max(this.#pausedUntil, rested);
    }
  }
}
