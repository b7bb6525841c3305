import { expect, it } from 'vitest';
import { isJudged, MOST_JUDGED } from '../../src/signals/selection.ts';

it('asks the gate while a place is left for one more card', () => {
  expect(isJudged({ judged: 0, waiting: 0, slots: 3 })).toBe(true);
  expect(isJudged({ judged: 2, waiting: 2, slots: 3 })).toBe(true);
  expect(isJudged({ judged: 3, waiting: 3, slots: 3 })).toBe(false);
  expect(isJudged({ judged: 1, waiting: 1, slots: 1 })).toBe(false);
});

it('asks all the same when positions have taken every place, so that the reason is told', () => {
  expect(isJudged({ judged: 0, waiting: 0, slots: 0 })).toBe(true);
  expect(isJudged({ judged: 5, waiting: 0, slots: -1 })).toBe(true);
  expect(isJudged({ judged: 0, waiting: 1, slots: 0 })).toBe(false);
});

it('asks for the best twenty at most', () => {
  expect(isJudged({ judged: MOST_JUDGED - 1, waiting: 0, slots: 3 })).toBe(true);
  expect(isJudged({ judged: MOST_JUDGED, waiting: 0, slots: 3 })).toBe(false);
});
