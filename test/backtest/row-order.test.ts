import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowsInOrder } from '../../src/backtest/files/row-order.ts';

/** Every choice of rows whose times never go back; the longest of them. */
function longest(times: readonly number[]): number {
  let most = 0;
  for (let choice = 0; choice < 2 ** times.length; choice += 1) {
    const chosen = times.filter((_, row) => (choice >> row) % 2 === 1);
    const ascends = chosen.every(
      (time, place) => place === 0 || time >= (chosen[place - 1] ?? NaN),
    );
    if (ascends) most = Math.max(most, chosen.length);
  }
  return most;
}

it('keeps as many rows as can stand in order, and only such', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }), (times) => {
      const kept = times.filter((_, row) => rowsInOrder(times).has(row));
      expect(kept).toEqual(kept.toSorted((one, other) => one - other));
      expect(kept.length).toBe(longest(times));
    }),
    { numRuns: 300 },
  );
});

it('loses no row of a recording to rows with wrong times', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 300 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: -1e6, max: 1e6 })), { maxLength: 4 }),
      (count, strays) => {
        const times = Array.from({ length: count }, (_, row) => row);
        for (const [place, time] of strays) times.splice(place % times.length, 0, time);
        expect(rowsInOrder(times).size).toBeGreaterThanOrEqual(count);
      },
    ),
  );
});
