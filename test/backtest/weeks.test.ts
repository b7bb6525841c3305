import { describe, expect, it } from 'vitest';
import {
  deflatedSharpe,
  luckyT,
  normalQuantile,
  normalShare,
} from '../../src/backtest/figures/luck.ts';
import { weeksOf } from '../../src/backtest/figures/weeks.ts';
import type { Trade } from '../../src/backtest/trade/trade.ts';
import { DAY, HOUR, weekStart } from '../../src/domain/time.ts';
import { seededRandom } from '../indicators/market.ts';
import { trade } from './samples.ts';

const MONDAY = Date.UTC(2024, 0, 1);

const entered = (week: number, r: number, hours = 1): Trade => ({
  ...trade({ pnl: r, entryTime: MONDAY + week * 7 * DAY + hours * HOUR }),
  risk: 1,
  exitTime: MONDAY + week * 7 * DAY + (hours + 1) * HOUR,
});

it('weekStart is the Monday before, in any year', () => {
  for (let day = 0; day < 7; day += 1) {
    expect(weekStart(MONDAY + day * DAY + 23 * HOUR)).toBe(MONDAY);
  }
  expect(weekStart(0)).toBe(Date.UTC(1969, 11, 29));
  expect(weekStart(-1)).toBe(Date.UTC(1969, 11, 29));
});

describe('weeksOf', () => {
  it('counts each week the same, and says how much of the gain lies in the five best', () => {
    // Sums by week: 4 x 2, then -1, -1, 1, 1, 1, 1: nine weeks have trades.
    const trades = [
      ...[1, 2, 3, 4].map((hours) => entered(0, 2, hours)),
      ...[1, 2].map((week) => entered(week, -1)),
      ...[3, 4, 5, 6].map((week) => entered(week, 1)),
    ];
    const weeks = weeksOf(trades, MONDAY + 100 * DAY, 20);
    expect(weeks.n).toBe(7);
    expect(weeks.meanR).toBeCloseTo((2 - 1 - 1 + 1 + 1 + 1 + 1) / 7, 12);
    expect(weeks.bestFiveShare).toBeCloseTo((8 + 4) / 10, 12);
    expect(weeks.tried).toBe(20);
    expect(weeksOf([entered(0, -1)], MONDAY, 1).bestFiveShare).toBeUndefined();
  });

  it('is under water from the highest sum until it is reached again, or until the data end', () => {
    const back = [entered(0, 2), entered(1, -1), entered(4, 1), entered(5, -1)];
    const end = MONDAY + 6 * 7 * DAY;
    expect(weeksOf(back, end).underWater).toEqual({
      ms: 4 * 7 * DAY,
      from: MONDAY + 2 * HOUR,
      ended: true,
    });
    const longer = weeksOf(back, MONDAY + 70 * 7 * DAY).underWater;
    expect(longer).toMatchObject({ from: MONDAY + 4 * 7 * DAY + 2 * HOUR, ended: false });
  });
});

describe('luck', () => {
  it('knows the normal distribution', () => {
    expect(normalShare(0)).toBeCloseTo(0.5, 7);
    expect(normalShare(1.959_964)).toBeCloseTo(0.975, 6);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959_964, 4);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959_964, 4);
  });

  it('luckyT is about what the best of so many draws shows', () => {
    const random = seededRandom(5);
    const draw = (): number => normalQuantile(Math.max(1e-9, random()));
    for (const tried of [10, 100]) {
      let sum = 0;
      for (let run = 0; run < 400; run += 1) {
        sum += Math.max(...Array.from({ length: tried }, draw));
      }
      expect(Math.abs(sum / 400 - luckyT(tried))).toBeLessThan(0.1);
    }
    expect(luckyT(1)).toBe(0);
    expect(luckyT(1_000)).toBeGreaterThan(luckyT(100));
  });

  it('deflatedSharpe is one half where a result is just as good as luck, and falls with what was tried', () => {
    const results = Array.from({ length: 100 }, (_, index) => 0.2 + (index % 2 === 0 ? 1 : -1));
    const one = deflatedSharpe(results, 1);
    expect(one).toBeGreaterThan(0.95);
    expect(deflatedSharpe(results, 10)).toBeLessThan(one);
    const flat = results.map((each) => each - 0.2);
    expect(deflatedSharpe(flat, 1)).toBeCloseTo(0.5, 6);
    expect(deflatedSharpe([1, 2], 1)).toBeNaN();
  });
});
