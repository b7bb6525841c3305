import { expect, it } from 'vitest';
import { gapBetween, gapText } from '../../src/alerts/pulse/gap.ts';

const WALL = Date.UTC(2025, 9, 10, 12, 3, 10);
const EVERY = 1_000;
const after = (steady: number, wall: number) =>
  gapBetween({ steady: 500, wall: WALL }, { steady: 500 + steady, wall: WALL + wall }, EVERY);

it('is none between two looks that are a second apart, or a little late', () => {
  expect(after(1_000, 1_000)).toBeUndefined();
  expect(after(5_999, 5_999)).toBeUndefined();
  expect(after(1_000, 5_999)).toBeUndefined();
  expect(after(1_000, -3_999)).toBeUndefined();
});

it('is a stop of the program where both clocks went on', () => {
  expect(after(6_000, 6_000)).toMatchObject({ kind: 'stopped', ms: 5_000 });
  const gap = after(113_000, 113_000);
  if (gap === undefined) throw new Error('no gap');
  expect(gapText(gap)).toBe(
    'I did not watch from 12:03:10 to 12:05:03 UTC (1 min). This program was stopped, or its machine too busy to run it. Stops at the exchange kept working.',
  );
});

it('is a machine that slept where only the wall clock went on', () => {
  expect(after(1_000, 6_000)).toMatchObject({ kind: 'asleep', ms: 5_000 });
  expect(after(1_000, 3_601_000)).toMatchObject({ kind: 'asleep', ms: 3_600_000 });
});

it('is a clock that was set back where the wall clock went backwards', () => {
  expect(after(1_000, -4_000)).toMatchObject({ kind: 'clock set back', ms: 5_000 });
  const gap = after(1_000, 1_000 - 3_600_000);
  if (gap === undefined) throw new Error('no gap');
  expect(gapText(gap)).toContain('was set back by 60 min');
});
