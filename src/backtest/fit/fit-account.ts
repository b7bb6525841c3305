import { DAY, type Timestamp } from '../../domain/time.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import { MARK_MS, type Outcome } from './outcomes.ts';

/** The loss limits whose chance is told. */
export const FIT_LIMITS = ['daily', 'drawdown', 'streak'] as const;
export type FitLimit = (typeof FIT_LIMITS)[number];

/** When each limit was first met, in milliseconds from the start; absent where it was not. */
export type FirstMet = Partial<Record<FitLimit, number>>;

/** A trade that is cut to what the day may still lose meets the limit by its stop: fills lie on the tick, rounded against it. */
const ROUNDING = 1e-6;
const WEEK_STEPS = (7 * DAY) / MARK_MS;

interface Held {
  readonly outcome: Outcome;
  readonly entryTime: Timestamp;
  readonly exitTime: Timestamp;
  /** What its stop would cost, in parts of the equity at the start. */
  readonly stake: number;
}

/**
 * An account of 1 with the limits of the gate that bound how much is at stake at once, and the stops that hold entries: judged at each
 * close, as the backtest judges it, with an owner who goes on each morning unless a limit still stands against it.
 */
export class FitAccount {
  readonly met: FirstMet = {};
  readonly #limits: RiskLimits;
  readonly #risk: number;
  readonly #most: Readonly<
    Record<
      'daily' | 'weekly' | 'drawdown' | 'heat' | 'category' | 'margin' | 'leverage' | 'smallest',
      number
    >
  >;
  readonly #coolDown = new Map<number, Timestamp>();
  /** Equity at each close since the start. */
  readonly #past: number[] = [1];
  #held: readonly Held[] = [];
  #wallet = 1;
  #peak = 1;
  #now = 0;
  #day = { equity: 1, trades: 0 };
  #streak = 0;
  #restsUntil = 0;
  #isHalted = false;

  constructor(limits: RiskLimits, risk: number) {
    this.#limits = limits;
    this.#risk = risk;
    this.#most = {
      daily: toNumber(limits.dailyLoss),
      weekly: toNumber(limits.weeklyLoss),
      drawdown: toNumber(limits.drawdown),
      heat: toNumber(limits.maxHeat),
      category: toNumber(limits.maxHeat) * toNumber(limits.categoryHeatShare),
      margin: toNumber(limits.marginPerPosition),
      leverage: limits.maxLeverage,
      smallest: toNumber(limits.smallestTrade) * risk,
    };
  }

  isOver(): boolean {
    return this.met.drawdown !== undefined;
  }

  /** Close by close on the way there: what has ended, a new day, the stops, the owner. */
  goTo(at: Timestamp): void {
    while (this.#now + MARK_MS <= at && !this.isOver()) {
      this.#now += MARK_MS;
      for (const each of this.#held) if (each.exitTime <= this.#now) this.#close(each);
      const isMorning = this.#now % DAY === 0;
      const equity = this.#equity();
      this.#past.push(equity);
      if (isMorning) this.#day = { equity, trades: 0 };
      this.#judge(equity);
      if (isMorning) this.#goOn(equity);
    }
  }

  /** Takes it where the limits let it; its times count from `from`. */
  ask(outcome: Outcome, from: Timestamp): void {
    if (!this.#mayEnter(outcome)) return;
    const equity = this.#equity();
    const lost = this.#day.equity - equity;
    const { category, unit, leverage } = outcome;
    // As the gate reads it: what is not yet an open loss, beside a loss that no gain offsets, and the fall of equity to the stops.
    const sums = { notYetLost: 0, further: 0, heat: 0, category: 0 };
    for (const each of this.#held) {
      const { stake } = each;
      const mark = this.#markOf(each);
      sums.notYetLost += stake + Math.min(0, mark);
      sums.further += stake + mark;
      sums.heat += stake;
      if (each.outcome.category === category) sums.category += stake;
    }
    const atStops = Math.max(Math.max(0, lost) + sums.notYetLost, lost + sums.further);
    const budget = this.#most.daily * this.#day.equity - atStops;
    const heatLeft = this.#most.heat * equity - sums.heat;
    const categoryLeft = this.#most.category * equity - sums.category;
    const left = Math.min(this.#risk * equity, budget, heatLeft, categoryLeft);
    if (left < this.#most.smallest * equity) return;
    // What the margin of one position buys, at the leverage that is suggested for so restless a coin.
    const notional = this.#most.margin * Math.min(leverage, this.#most.leverage) * equity;
    const stake = Math.min(left, notional * unit);
    this.#day.trades += 1;
    const [entryTime, exitTime] = [from + outcome.entryTime, from + outcome.exitTime];
    this.#held = [...this.#held, { outcome, entryTime, exitTime, stake }];
  }

  #mayEnter({ symbol }: Outcome): boolean {
    const { maxPositions, maxCorrelated, maxTradesPerDay } = this.#limits;
    if (this.isOver() || this.#isHalted || this.#now < this.#restsUntil) return false;
    // Coins that break down together move together: the gate counts them as one cluster nearly always.
    if (this.#held.length >= Math.min(maxPositions, maxCorrelated)) return false;
    if (this.#day.trades >= maxTradesPerDay) return false;
    if ((this.#coolDown.get(symbol) ?? 0) > this.#now) return false;
    return this.#held.every(({ outcome }) => outcome.symbol !== symbol);
  }

  #equity(): number {
    let equity = this.#wallet;
    for (const each of this.#held) equity += this.#markOf(each);
    return equity;
  }

  /** What it stands at now, in parts of the equity at the start. */
  #markOf({ entryTime, outcome: { marks }, stake }: Held): number {
    const closes = (this.#now - entryTime) / MARK_MS;
    return closes < 1 ? 0 : stake * (marks[Math.min(closes, marks.length) - 1] ?? 0);
  }

  #close(each: Held): void {
    this.#held = this.#held.filter((other) => other !== each);
    const { r, symbol } = each.outcome;
    this.#wallet += each.stake * r;
    this.#streak = r < 0 ? this.#streak + 1 : 0;
    if (r >= 0) return;
    this.#coolDown.set(symbol, each.exitTime + this.#limits.symbolCoolDownMs);
    if (this.#streak < this.#limits.lossStreak) return;
    this.#restsUntil = each.exitTime + this.#limits.lossStreakCoolOffMs;
  }

  /** Whether the day, or the seven days, have lost what they may. */
  #stands(equity: number): { readonly daily: boolean; readonly weekly: boolean } {
    const { daily, weekly } = this.#most;
    const base = this.#past.at(-1 - WEEK_STEPS) ?? this.#past[0] ?? 1;
    return {
      daily: this.#day.equity - equity >= (daily - ROUNDING) * this.#day.equity,
      weekly: base - equity >= weekly * base,
    };
  }

  #judge(equity: number): void {
    this.#peak = Math.max(this.#peak, equity);
    const { daily, weekly } = this.#stands(equity);
    const isStreak = this.#streak >= this.#limits.lossStreak;
    if (daily) this.met.daily ??= this.#now;
    if (isStreak) this.met.streak ??= this.#now;
    if (this.#peak - equity >= this.#most.drawdown * this.#peak) this.met.drawdown ??= this.#now;
    if (daily || weekly || isStreak) this.#isHalted = true;
  }

  /** The owner in the morning: a rest that is over begins the count of losses anew. */
  #goOn(equity: number): void {
    if (this.#now < this.#restsUntil) return;
    if (this.#streak >= this.#limits.lossStreak) this.#streak = 0;
    const { daily, weekly } = this.#stands(equity);
    if (!daily && !weekly) this.#isHalted = false;
  }
}
