import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextStep } from '../../src/bot/dialogues/open-cards.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';

it.each([
  [15 * MINUTE, MINUTE],
  [14.5 * MINUTE, MINUTE / 2],
  [MINUTE + 1, 1],
  [MINUTE, 30 * SECOND],
  [30 * SECOND, 20 * SECOND],
  [10 * SECOND, 10 * SECOND],
  [0, 0],
  [-MINUTE, 0],
])('with %i ms left the next look is in %i ms', (left, wait) => {
  expect(nextStep(left)).toBe(wait);
});

it('a card is edited at most once a minute, and thrice in the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 * MINUTE }), (whole) => {
      let left = whole;
      let edits = 0;
      while (left > 0) {
        const wait = nextStep(left);
        expect(wait).toBeGreaterThan(0);
        left -= wait;
        edits += 1;
      }
      expect(left).toBe(0);
      expect(edits).toBeLessThanOrEqual(Math.ceil(whole / MINUTE) + 3);
    }),
  );
});
