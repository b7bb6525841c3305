import { describe, expect, it } from 'vitest';
import { claimOf } from '../../src/backtest/figures/claim.ts';
import { shuffledDrawdowns } from '../../src/backtest/figures/monte-carlo.ts';
import { meanInterval, quantile, wilson } from '../../src/backtest/figures/statistics.ts';
import { seededRandom } from '../indicators/market.ts';

describe('wilson', () => {
  it('gives the published interval of 81 of 263', () => {
    // Newcombe 1998, table I, method 3: 0.2553 to 0.3662.
    const { low, high } = wilson(81, 263);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662']);
  });

  it('stays within 0 and 1 at the ends and says nothing without observations', () => {
    expect(wilson(0, 20)).toMatchObject({ low: 0 });
    expect(wilson(0, 20).high.toFixed(4)).toBe('0.1611');
    expect(wilson(20, 20)).toMatchObject({ high: 1 });
    expect(wilson(0, 0)).toEqual({ hits: 0, n: 0, rate: NaN, low: 0, high: 1 });
  });
});

describe('meanInterval', () => {
  const apart = [1, 2, 3, 4].map((value, cluster) => ({ value, cluster }));

  it('is the mean and 1.96 standard errors when every value stands alone', () => {
    const { n, mean, low, high } = meanInterval(apart);
    expect([n, mean]).toEqual([4, 2.5]);
    expect(high - mean).toBeCloseTo((1.959964 * Math.sqrt(5 / 3)) / 2, 6);
    expect(mean - low).toBeCloseTo(high - mean, 12);
  });

  it('does not shrink when values of one cluster are repeated', () => {
    const repeated = [...apart, ...apart, ...apart];
    expect(meanInterval(repeated).high).toBeCloseTo(meanInterval(apart).high, 12);
    const alone = repeated.map(({ value }, cluster) => ({ value, cluster }));
    expect(meanInterval(alone).high).toBeLessThan(meanInterval(apart).high);
  });

  it('has no bounds with a single cluster', () => {
    expect(
      meanInterval([
        { value: 7, cluster: 1 },
        { value: 8, cluster: 1 },
      ]).low,
    ).toBeNaN();
  });
});

it('quantile interpolates between sorted values', () => {
  expect([0, 0.5, 0.75, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([
    1, 2.5, 3.25, 4,
  ]);
  expect(quantile([], 0.5)).toBeNaN();
});

describe('shuffledDrawdowns', () => {
  const results = [2, -1, -1, 2, -1, 2, -1, -1];

  it('keeps the actual path and repeats with the same seed', () => {
    const one = shuffledDrawdowns(results, seededRandom(1), 200);
    expect(one).toEqual(shuffledDrawdowns(results, seededRandom(1), 200));
    expect(one.actualDrawdownR).toBe(2);
    expect(one.worstDrawdownR).toBe(5);
    expect(one.medianDrawdownR).toBeLessThanOrEqual(one.drawdown95R);
  });
});

describe('claimOf', () => {
  const wide = { n: 100, mean: 0.1, low: 0.05, high: 0.15 };
  it.each([
    [{ ...wide, n: 29 }, undefined, 'Only 29 trades: too few for any claim (30 are needed).'],
    [{ ...wide, mean: -0.1, low: -0.2, high: -0.01 }, undefined, 'No edge: it loses money.'],
    [{ ...wide, low: -0.01 }, undefined, 'No edge shown: the interval includes 0.'],
    [wide, { ...wide, mean: 0.06 }, 'No edge shown over random entries.'],
    [wide, { ...wide, mean: 0 }, 'Positive in this data, which is no guarantee.'],
  ])('%j beside %j', (result, random, start) => {
    expect(claimOf(result, random).startsWith(start)).toBe(true);
  });
});
