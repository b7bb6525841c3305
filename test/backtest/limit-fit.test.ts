import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../src/backtest/fit/fit-spread.ts';
import { firstMet, fitOf } from '../../src/backtest/fit/limit-fit.ts';
import { outcomesText, readOutcomes, type Outcome } from '../../src/backtest/fit/outcomes.ts';
import { hasOutcomes, recordedOutcomes } from '../../src/backtest/fit/recorded-outcomes.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { seededRandom } from '../indicators/market.ts';

const limits = DEFAULT_LIMITS;
let made = 0;
const outcome = (
  entry: number,
  hours: number,
  r: number,
  marks: readonly number[] = [],
): Outcome => ({
  symbol: (made += 1),
  category: made,
  leverage: 5,
  unit: 0.05,
  entryTime: entry,
  exitTime: entry + hours * HOUR,
  r,
  marks,
  clean: false,
});
const play = (outcomes: readonly Outcome[], risk: number) =>
  firstMet(outcomes, { limits, risk, until: 30 * DAY });

describe('when the loss limits are first met', () => {
  it('counts a streak of five losses, and takes a win as its end', () => {
    const losses = Array.from({ length: 5 }, (_, at) => outcome(at * DAY, 4, -1));
    expect(play(losses, 0.005)).toEqual({ streak: 4 * DAY + 4 * HOUR });
    expect(play(losses.toSpliced(2, 0, outcome(1.5 * DAY, 4, 2)), 0.005)).toEqual({});
  });

  it('meets the day by stops that use up what the day may lose, and not by less', () => {
    const two = (r: number) => [outcome(0, 4, r), outcome(0, 8, r)];
    expect(play(two(-0.99), 0.015).daily).toBeUndefined();
    expect(play(two(-1), 0.015).daily).toBe(8 * HOUR);
    expect(play(two(-1.2), 0.01).daily).toBeUndefined();
  });

  it('sees within the day what an open position gives back, though it ends well', () => {
    const back = (low: number) => [outcome(0, 48, 2, [0, 0, 0, 0, 0, 2.2, low, 1])];
    expect(play(back(0.2), 0.015).daily).toBeUndefined();
    expect(play(back(0), 0.015).daily).toBe(28 * HOUR);
  });

  it('pauses while seven days have lost their share, and goes on when they have not', () => {
    // Four losses of 1.3 %, a day between them: the week has lost its 5 %.
    const lost = [0, 1, 2, 3].map((day) => outcome(day * DAY, 4, -1.3));
    const then = (...days: readonly number[]) => [
      ...lost,
      ...days.map((day) => outcome(day * DAY, 4, -3.2)),
    ];
    expect(play(then(5, 6), 0.01)).toEqual({});
    expect(play(then(11, 14), 0.01).drawdown).toBe(14 * DAY + 4 * HOUR);
  });

  it('puts no more at stake than the margin of one position buys, nor than one category may', () => {
    const calm = [outcome(0, 4, -1), outcome(0, 8, -1)];
    const wild = calm.map((each) => ({ ...each, leverage: 1 }));
    expect(play(calm, 0.015).daily).toBe(8 * HOUR);
    // 20 % of the equity at 1x and 5 %: 1 % each.
    expect(play(wild, 0.015).daily).toBeUndefined();
    const alike = calm.map((each) => ({ ...each, category: 1 }));
    expect(play(alike, 0.015).daily).toBeUndefined();
  });

  it('takes what was open at the start of the day for the day, and its high for the drawdown', () => {
    const up = Array.from({ length: 6 }, () => 3);
    const given = [outcome(0, 28, -1, up), outcome(0, 28, -1, up)];
    // 9 % up at midnight, then two stops: the day has lost all of it.
    expect(play(given, 0.015)).toEqual({ daily: 28 * HOUR, drawdown: 28 * HOUR });
  });

  it('takes no more than two that move together, and none while entries are paused', () => {
    const many = Array.from({ length: 9 }, () => outcome(0, 4, -1));
    expect(play(many, 0.005)).toEqual({});
  });
});

it('outcomes are written and read without a loss that matters', () => {
  const some = [
    outcome(40 * HOUR, 4, -1),
    { ...outcome(44 * HOUR, 60, 2.13, [0.4, -0.2]), clean: true },
  ];
  expect(readOutcomes(outcomesText(some))).toEqual(some);
  expect(readOutcomes('')).toEqual([]);
});

it('a higher risk meets the drawdown more often, and the same question has the same answer', () => {
  const outcomes = recordedOutcomes([{ name: 'breakdown', cleanOnly: false }]);
  expect(outcomes.length).toBeGreaterThan(5_000);
  expect(hasOutcomes('agreement')).toBe(false);
  const ask = (risk: number) =>
    fitOf({ outcomes, limits, risk, starts: 60, random: seededRandom(7) });
  const [low, high] = [ask(0.005), ask(0.015)];
  expect(ask(0.005)).toEqual(low);
  expect(high.met[1]?.drawdown ?? 0).toBeGreaterThan((low.met[1]?.drawdown ?? 1) + 0.3);
});

describe('how far what is seen in one history may lie from another', () => {
  const weekly = (r: (week: number) => number): readonly Outcome[] =>
    Array.from({ length: 52 }, (_, week) => outcome((week * 7 + 4) * DAY, 4, r(week)));
  const spread = (outcomes: readonly Outcome[]) =>
    spreadOf({ outcomes, limits, risk: 0.015, random: seededRandom(3) });

  it('is nothing where all weeks are the same, and something where a few decide', () => {
    expect(spread(weekly(() => -1))).toMatchObject([
      { days: 30, streak: 0 },
      { days: 180, streak: 0, drawdown: 0 },
    ]);
    // One run of eight losses in a year: some histories hold it, some do not.
    const [, long] = spread(weekly((week) => (week >= 20 && week < 28 ? -1 : 2)));
    expect(long?.streak).toBeGreaterThan(0.1);
    expect(long?.streak).toBeLessThan(0.55);
  });

  it('is not told of a history that holds no half year', () => {
    expect(spread(weekly(() => 1).slice(0, 20))).toEqual([]);
  });
});
