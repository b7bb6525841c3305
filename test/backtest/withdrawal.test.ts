import { describe, expect, it } from 'vitest';
import type { SideResult } from '../../src/backtest/study/side-record.ts';
import { whyWithdrawn } from '../../src/backtest/study/withdrawal.ts';
import { DAY } from '../../src/domain/time.ts';

/** One a week. */
const results = (rs: readonly number[]): readonly SideResult[] =>
  rs.map((r, week) => ({ side: 'short', entryTime: week * 7 * DAY, target: r > 0, r }));

const losing = (n: number): readonly number[] =>
  Array.from({ length: n }, (_, at) => (at % 10 === 0 ? 2 : -1));

describe('a strategy is withdrawn', () => {
  it('by 50 live signals whose whole interval lies below 0, and not by 49', () => {
    expect(whyWithdrawn(results(losing(50)), undefined)).toMatch(
      /^Its 50 live signals lost -0\.70 times the risk each \(95 % interval -0\.95 to -0\.45/,
    );
    expect(whyWithdrawn(results(losing(49)), undefined)).toBeUndefined();
  });

  it('not by losses that may be luck, nor by a single week', () => {
    const even = Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? 1.9 : -1));
    expect(whyWithdrawn(results(even), undefined)).toBeUndefined();
    const week = results(losing(60)).map((each) => ({ ...each, entryTime: 0 }));
    expect(whyWithdrawn(week, undefined)).toBeUndefined();
  });

  it('by a fall beyond the recorded one, and not at it', () => {
    const fall = results([2, -1, -1, -1, 1]);
    expect(whyWithdrawn(fall, 3)).toBeUndefined();
    expect(whyWithdrawn(fall, 2.9)).toBe(
      'Its live results fell by 3.0 times the risk; the deepest fall on record is 2.9.',
    );
  });
});
