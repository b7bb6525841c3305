import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatMoney,
  formatNumber,
  formatSignedMoney,
  priceDecimals,
  scaleTicks,
} from '../../../src/bot/charts/axes/number-format.ts';

describe('price decimals', () => {
  it.each([
    [[0.00000123], 8],
    [[120_000], 0],
    [[64_213.7, 63_100], 1],
    [[0.1 + 0.2], 1],
    [[1.2345678901], 6],
    [[64_213.123456], 2],
    [[0], 2],
  ])('of %j are %d', (prices, places) => {
    expect(priceDecimals(prices)).toBe(places);
  });
});

describe('formatting', () => {
  it('never prints minus zero', () => {
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatSignedMoney(0)).toBe('0.00');
  });

  it('shows small amounts with four places and large without', () => {
    expect(formatMoney(0.1234)).toBe('0.1234');
    expect(formatMoney(-1234.5)).toBe('-1,234.50');
    expect(formatMoney(1_234_567.8)).toBe('1,234,568');
  });

  it('refuses what is no number rather than printing it', () => {
    expect(() => formatNumber(Number.NaN, 2)).toThrow(/is not a number/);
    expect(() => formatMoney(Number.POSITIVE_INFINITY)).toThrow(/is not a number/);
  });
});

describe('scale ticks', () => {
  it('are round, inside the range and at most one more than asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-8, max: 1e7, noNaN: true }),
        fc.double({ min: 1e-3, max: 2, noNaN: true }),
        fc.integer({ min: 2, max: 9 }),
        (low, share, count) => {
          const high = low * (1 + share);
          const { values, decimals } = scaleTicks(low, high, count);
          expect(values.length).toBeLessThanOrEqual(count + 1);
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(low * (1 - 1e-6));
            expect(value).toBeLessThanOrEqual(high * (1 + 1e-6));
            expect(Number(value.toFixed(decimals))).toBeCloseTo(value, 12);
          }
        },
      ),
    );
  });
});
