/** Limits that are nearly used, on a clock of the test. */
import { expect, it } from 'vitest';
import { standOnLimits, type LimitSteps } from '../../src/alerts/watch/limit-steps.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { NOW } from './fixtures.ts';

/** Percent that are used, minute by minute; what is told, by minute, and how many happenings these are. */
function run(used: readonly [minute: number, percent: number][]) {
  let before: LimitSteps = new Map();
  const told: string[] = [];
  const keys = new Set<string>();
  for (const [minute, percent] of used) {
    const level = [80, 60].find((each) => percent >= each);
    const warnings =
      level === undefined ? [] : [{ key: `daily-loss:${level}:0`, id: 'daily-loss', level }];
    const now = NOW + minute * MINUTE;
    const look = standOnLimits(warnings, { before, lower: [80, 60], now });
    before = look.steps;
    for (const { key, level: at } of look.warnings)
      if (!keys.has(key)) {
        keys.add(key);
        told.push(`${minute}:${at}`);
      }
  }
  return told;
}

it('a step that trembles is told once, one that was left for an hour again', () => {
  expect(
    run([
      [0, 61],
      [1, 59],
      [2, 60],
      [50, 59],
      [61, 60],
    ]),
  ).toEqual(['0:60']);
  expect(
    run([
      [0, 85],
      [10, 20],
      [59, 85],
    ]),
  ).toEqual(['0:80']);
  expect(
    run([
      [0, 85],
      [10, 20],
      [70, 85],
      [71, 85],
      [200, 85],
    ]),
  ).toEqual(['0:80', '70:80', '200:80']);
});

it('what falls from a step that was told is no news, and comes back as one', () => {
  expect(
    run([
      [0, 85],
      [1, 75],
      [30, 65],
    ]),
  ).toEqual(['0:80']);
  expect(
    run([
      [0, 61],
      [1, 85],
      [2, 65],
    ]),
  ).toEqual(['0:60', '1:80']);
  expect(
    run([
      [0, 85],
      [1, 10],
      [70, 65],
      [71, 66],
    ]),
  ).toEqual(['0:80', '70:60']);
});
