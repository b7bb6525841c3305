import { describe, expect, it } from 'vitest';
import { isJudged, MOST_JUDGED, standsBefore, type Outlook } from '../../src/signals/selection.ts';

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

describe('what stands before a contract that is not read yet', () => {
  const stands = (clean: boolean, turnover: number, unread: Outlook): boolean =>
    standsBefore({ clean, turnover }, unread);

  it('is a clean signal before what cannot be clean, and no other before what may be', () => {
    expect(stands(true, 1, { clean: false, turnover: 100 })).toBe(true);
    expect(stands(false, 100, { clean: true, turnover: 1 })).toBe(false);
    expect(standsBefore({ turnover: 100 }, { clean: true, turnover: 1 })).toBe(false);
  });

  it('is the one that is surely traded more among those that are alike', () => {
    for (const clean of [true, false]) {
      expect(stands(clean, 111, { clean, turnover: 100 })).toBe(true);
      // The turnover of a ticker is another count than that of candles.
      expect(stands(clean, 109, { clean, turnover: 100 })).toBe(false);
      expect(stands(clean, 90, { clean, turnover: 100 })).toBe(false);
    }
  });
});
