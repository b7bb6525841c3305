import { describe, expect, it } from 'vitest';
import { usd, type Usd } from '../../src/domain/money/money.ts';
import { ladderCapacity, tierFor } from '../../src/risk/terms/liquidation.ts';
import { TIERS } from './fixtures.ts';

/** The same ladder in every order in which its three steps can arrive. */
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].map((places) => places.map((place) => TIERS.slice(place, place + 1)).flat());

const off = (text: string, units: bigint): Usd => (usd(text) + units) as Usd;

describe("the exchange's risk ladder, in whatever order its steps arrive", () => {
  it.each(ORDERS)(
    'gives a notional the lowest step that holds it, its end included',
    (...tiers) => {
      const level = (notional: Usd) => tierFor(notional, tiers)?.level;
      const around = (text: string) => [-1n, 0n, 1n].map((units) => level(off(text, units)));
      expect([level(usd('0')), level(usd('1'))]).toEqual([1, 1]);
      expect(around('150000')).toEqual([1, 1, 2]);
      expect(around('800000')).toEqual([2, 2, 3]);
      expect(around('2500000')).toEqual([3, 3, undefined]);
    },
  );

  it.each(ORDERS)('ends its capacity before the first step that does not fit', (...tiers) => {
    const upTo = (...levels: readonly number[]) =>
      ladderCapacity(tiers, (tier) => levels.includes(tier.level));
    expect(upTo(1, 2, 3)).toBe(usd('2500000'));
    expect(upTo(1, 2)).toBe(usd('800000'));
    expect(upTo(1, 3)).toBe(usd('150000'));
    expect(upTo(2, 3)).toBe(0n);
  });
});
