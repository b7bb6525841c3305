import { describe, expect, it } from 'vitest';
import { INTERVALS, intervalMs, lastClosedOpenTime } from '../../src/domain/candle.ts';
import { DAY, dayStart, formatDuration, formatUtc, HOUR } from '../../src/domain/time.ts';

describe('the day', () => {
  it('starts at 00:00 UTC', () => {
    const noon = Date.UTC(2025, 9, 10, 12);
    expect(dayStart(noon)).toBe(Date.UTC(2025, 9, 10));
    expect(dayStart(Date.UTC(2025, 9, 11) - 1)).toBe(Date.UTC(2025, 9, 10));
    expect(dayStart(Date.UTC(2025, 9, 11))).toBe(Date.UTC(2025, 9, 11));
  });
});

describe('texts', () => {
  it('show a moment in UTC', () => {
    expect(formatUtc(Date.UTC(2025, 9, 10, 21, 15, 59))).toBe('2025-10-10 21:15 UTC');
  });

  it.each([
    [-5, '0 s'],
    [89_999, '89 s'],
    [90_000, '1 min'],
    [89 * 60_000, '89 min'],
    [90 * 60_000, '1 h 30 min'],
    [3 * HOUR + 5 * 60_000, '3 h 05 min'],
    [48 * HOUR, '2 d 0 h'],
    [2 * DAY + 4 * HOUR, '2 d 4 h'],
  ])('show a length of %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('candles', () => {
  it('are closed one whole length after they open', () => {
    for (const interval of INTERVALS) {
      const length = intervalMs(interval);
      const boundary = Math.ceil(Date.UTC(2025, 9, 10) / length) * length;
      expect(lastClosedOpenTime(interval, boundary)).toBe(boundary - length);
      expect(lastClosedOpenTime(interval, boundary - 1)).toBe(boundary - 2 * length);
    }
  });
});
