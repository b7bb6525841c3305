import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slotReadings, timeGrid } from '../../../src/bot/charts/axes/time-slots.ts';

describe('readings on a time grid', () => {
  it('keep the lowest, the highest, the first and the last value', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((v) => v + 0);
    const gap = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, value), { minLength: 2, maxLength: 400 }), (steps) => {
        let at = 0;
        const readings = steps.map(([distance, v]) => ({ at: (at += distance), value: v }));
        const grid = timeGrid(readings[0]?.at ?? 0, readings.at(-1)?.at ?? 0, 40);
        const { values } = slotReadings(readings, grid);
        const known = values.filter((v) => v !== null);
        const all = readings.map((r) => r.value);
        expect(Math.max(...known)).toBe(Math.max(...all));
        expect(Math.min(...known)).toBe(Math.min(...all));
        expect(values[0]).toBe(all[0]);
        expect(values.at(-1)).toBe(all.at(-1));
      }),
    );
  });

  it('lie on the straight way between two readings', () => {
    const grid = timeGrid(0, 90, 10);
    const { values } = slotReadings(
      [
        { at: 0, value: 0 },
        { at: 90, value: 9 },
      ],
      grid,
    );
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
