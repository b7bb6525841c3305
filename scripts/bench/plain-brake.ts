/** Part of the plain loop (see `plain-breakdown.ts`): what holds the account's entries, and the owner who lifts it in the morning. */
import { CANDLE } from './plain-market.ts';
import type { Market } from './plain-wishes.ts';

const DAY = 24 * 3_600_000;
const WEEK = 7 * DAY;
const STREAK = 5;
/** Candles whose restlessness is usual, and those before them that an ATR takes to begin. */
const USUAL = 30 * DAY + 15 * 3_600_000;
const ATR = 14;
const WILD = 3;

export class PlainBrake {
  isOn = false;
  /** Start of the day, equity then, and entries since. */
  day = { start: -Infinity, equity: 0, entries: 0 };
  readonly #bitcoin: Market | undefined;
  /** Equity at the open of each candle of the last week and before. */
  #past: { readonly at: number; readonly equity: number }[] = [];
  #closes: { readonly net: number; readonly at: number }[] = [];
  #peak = 0;
  #streak = 0;
  #restsUntil = -Infinity;
  #newest = -1;

  constructor(bitcoin: Market | undefined) {
    this.#bitcoin = bitcoin;
  }

  /** What a position made that closed then. */
  count(net: number, at: number): void {
    this.#closes.push({ net, at });
  }

  /** Judged after an entry. */
  entered(equity: number, now: number): void {
    this.day.entries += 1;
    if (this.#stands(equity, now)) this.isOn = true;
  }

  /** Judged at the open of a candle; on the first of a day the owner lifts what no longer stands. */
  begin(equity: number, now: number): void {
    const start = Math.floor(now / DAY) * DAY;
    const isMorning = start !== this.day.start;
    if (isMorning) this.day = { start, equity, entries: 0 };
    this.#countAll(now);
    this.#past.push({ at: now, equity });
    if (this.#past.length > (2 * WEEK) / CANDLE) this.#past.splice(0, WEEK / CANDLE - 1);
    this.#peak = Math.max(this.#peak, equity);
    const isStanding = this.#stands(equity, now);
    if (isStanding || this.#streak >= STREAK) this.isOn = true;
    if (!isMorning || isStanding || this.#restsUntil > now) return;
    this.isOn = false;
    if (this.#streak >= STREAK) this.#streak = 0;
  }

  #rest(now: number): void {
    if (this.#restsUntil > now || this.#restsUntil === -Infinity) return;
    this.#restsUntil = -Infinity;
    this.#streak = 0;
  }

  #countAll(now: number): void {
    for (const { net, at } of this.#closes) {
      this.#rest(at);
      if (net > 0) this.#streak = 0;
      if (net >= 0) continue;
      this.#streak += 1;
      if (this.#streak >= STREAK) this.#restsUntil = Math.max(this.#restsUntil, at + DAY);
    }
    this.#closes = [];
    this.#rest(now);
  }

  #stands(equity: number, now: number): boolean {
    const { day } = this;
    const week = this.#past.findLast(({ at }) => at <= now - WEEK) ?? this.#past[0];
    const base = week?.equity ?? equity;
    return (
      (day.equity - equity) * 100 >= day.equity * 3 ||
      (base - equity) * 100 >= base * 5 ||
      (this.#peak - equity) * 10 >= this.#peak ||
      this.#isWild(now)
    );
  }

  /** Bitcoin's ATR above three times the middle of its last month. */
  #isWild(now: number): boolean {
    if (this.#bitcoin === undefined) return false;
    const { candles, atr } = this.#bitcoin;
    const { time, close } = candles;
    while ((time[this.#newest + 1] ?? Infinity) + CANDLE <= now) this.#newest += 1;
    const restless = (row: number): number => (atr[row] ?? NaN) / (close[row] ?? NaN);
    const least = restless(this.#newest) / WILD;
    const since = (time[this.#newest] ?? NaN) - USUAL;
    let calmer = 0;
    let rows = 0;
    for (let row = this.#newest; row >= ATR && (time[row - ATR] ?? NaN) >= since; row -= 1) {
      rows += 1;
      if (restless(row) < least) calmer += 1;
    }
    return calmer * 2 > rows;
  }
}
