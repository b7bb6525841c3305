import { describe, expect, it } from 'vitest';
import { addUnprotected } from '../../src/alerts/watch/unprotected-day.ts';

const DAY = Date.UTC(2025, 9, 10);
const look = (wasUnprotected: boolean, lastAt: number, now: number) => ({
  wasUnprotected,
  lastAt,
  now,
});

describe('addUnprotected', () => {
  it('adds the time between two looks while a position was unprotected', () => {
    const first = addUnprotected(undefined, look(true, DAY + 1_000, DAY + 6_000));
    const second = addUnprotected(first, look(false, DAY + 6_000, DAY + 11_000));
    expect([
      first.ms,
      second.ms,
      addUnprotected(second, look(true, DAY + 11_000, DAY + 14_000)).ms,
    ]).toEqual([5_000, 5_000, 8_000]);
  });

  it('starts anew at midnight and takes only the part after it', () => {
    const evening = { day: DAY - 86_400_000, ms: 60_000 };
    expect(addUnprotected(evening, look(true, DAY - 3_000, DAY + 2_000))).toEqual({
      day: DAY,
      ms: 2_000,
    });
  });

  it('never runs backwards', () => {
    expect(addUnprotected({ day: DAY, ms: 7 }, look(true, DAY + 9_000, DAY + 1_000)).ms).toBe(7);
  });
});
