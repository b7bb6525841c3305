import { describe, expect, it } from 'vitest';
import { spanText, timeLabels } from '../../../src/bot/charts/axes/time-labels.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2025, 9, 9, 7);

function labelled(count: number, step: number, start = START): string[] {
  const times = Array.from({ length: count }, (_, i) => start + i * step);
  return timeLabels(times, 5).filter((label) => label !== '');
}

describe('time labels', () => {
  it('name hours within a day and the date at midnight', () => {
    expect(labelled(24, HOUR)).toEqual(['12:00', '18:00', '10 Oct', '06:00']);
  });

  it('name days, then months, then years', () => {
    expect(labelled(96, HOUR)).toEqual(['10 Oct', '11 Oct', '12 Oct', '13 Oct']);
    expect(labelled(100, 24 * HOUR)).toEqual(['Nov 2025', 'Dec 2025', 'Jan 2026']);
    expect(labelled(1500, 24 * HOUR)).toEqual(['2026', '2027', '2028', '2029']);
  });

  it('keep clear of the left edge', () => {
    const times = Array.from({ length: 480 }, (_, i) => Date.UTC(2025, 9, 9, 23, 50) + i * 60_000);
    expect(
      timeLabels(times, 5)
        .slice(0, 19)
        .every((label) => label === ''),
    ).toBe(true);
  });

  it('name both ends when no round time fits', () => {
    expect(labelled(2, 420_000, START + 7_777)).toEqual(['9 Oct 07:00', '07:07']);
    expect(labelled(2, 50 * HOUR, START + 7_777)).toEqual(['9 Oct 07:00', '11 Oct 09:00']);
    expect(labelled(1, HOUR)).toEqual(['9 Oct 07:00']);
    expect(timeLabels([], 5)).toEqual([]);
  });

  it('never stand closer than asked for, whatever the spacing', () => {
    for (const step of [60_000, 15 * 60_000, HOUR, 4 * HOUR, 24 * HOUR, 7 * 24 * HOUR]) {
      for (const count of [3, 10, 60, 240, 480]) {
        const names = labelled(count, step);
        expect(names.length).toBeGreaterThanOrEqual(1);
        expect(names.length).toBeLessThanOrEqual(5);
      }
    }
  });
});

describe('time span', () => {
  it('repeats the date only where it changes', () => {
    expect(spanText(START, START + HOUR)).toBe('9 Oct 2025 07:00 to 08:00');
    expect(spanText(START, START + 48 * HOUR)).toBe('9 Oct 2025 to 11 Oct 2025');
    expect(spanText(START, START)).toBe('9 Oct 2025 07:00');
  });
});
