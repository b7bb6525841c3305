import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countOf, pageOf } from '../../src/domain/words/pages.ts';

it('loses nothing of a list, tells which part is shown, and turns no further than the last page', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 9 }), (length, per) => {
      const all = Array.from({ length }, (_, index) => index);
      const { pages } = pageOf(all, 0, per);
      const each = Array.from({ length: pages }, (_, page) => pageOf(all, page, per));
      expect(each.flatMap(({ shown }) => shown)).toEqual(all);
      for (const { shown, count } of each.filter(() => length > 0)) {
        expect(count).toBe(`${(shown[0] ?? 0) + 1}-${(shown.at(-1) ?? 0) + 1} of ${length}`);
      }
      expect(pageOf(all, pages + 5, per)).toEqual(each.at(-1));
    }),
  );
});

it('counts only where not all is shown', () => {
  const eighty = Array.from({ length: 83 }, (_, index) => index);
  expect(countOf(pageOf(eighty))).toEqual(['1-8 of 83']);
  expect(countOf(pageOf(eighty, 99))).toEqual(['81-83 of 83']);
  expect(countOf(pageOf([1, 2]))).toEqual([]);
});
