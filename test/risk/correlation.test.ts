import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../../src/domain/time.ts';
import {
  clustersOf,
  correlatedSameSide,
  correlationOf,
  returnsOf,
  type Returns,
} from '../../src/risk/portfolio/correlation.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { position } from './fixtures.ts';

const series = (values: readonly number[]): Returns =>
  new Map(values.map((value, n) => [n * HOUR, value]));
const wave = (shift: number): number[] =>
  Array.from({ length: 168 }, (_, n) => Math.sin(n / 5 + shift));

describe('correlationOf', () => {
  it('is 1 for the same series scaled, -1 for its mirror, and about 0 a quarter wave apart', () => {
    const base = series(wave(0));
    expect(correlationOf(base, series(wave(0).map((x) => 3 * x)))?.value).toBeCloseTo(1, 12);
    expect(correlationOf(base, series(wave(0).map((x) => -x)))?.value).toBeCloseTo(-1, 12);
    expect(Math.abs(correlationOf(base, series(wave(Math.PI / 2)))?.value ?? 9)).toBeLessThan(0.05);
  });

  it('equals the figure of a worked example', () => {
    // Deviations -2 -1 0 1 2 and -2 0 -1 2 1: 8 / sqrt(10 x 10).
    const found = correlationOf(series([1, 2, 3, 4, 5]), series([1, 3, 2, 5, 4]), 5);
    expect(found).toEqual({ value: 0.8, n: 5 });
  });

  it('uses common times only and says how many', () => {
    const late = new Map([...series(wave(0))].slice(60));
    expect(correlationOf(series(wave(0)), late)).toMatchObject({ n: 108 });
  });

  it('is undefined with too few common times or a coin that does not move', () => {
    expect(correlationOf(series(wave(0).slice(0, 71)), series(wave(0)))).toBeUndefined();
    expect(correlationOf(series(wave(0).slice(0, 72)), series(wave(0)))).toBeDefined();
    expect(correlationOf(series(wave(0)), series(wave(0).map(() => 0)))).toBeUndefined();
  });

  it('is symmetric and within -1 to 1', () => {
    const any = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), {
      minLength: 80,
      maxLength: 80,
    });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const ab = correlationOf(series(a), series(b))?.value;
        const ba = correlationOf(series(b), series(a))?.value;
        if (ab === undefined || ba === undefined) return ab === ba;
        return Math.abs(ab - ba) < 1e-12 && Math.abs(ab) <= 1;
      }),
    );
  });
});

describe('returnsOf', () => {
  it('gives a return per step and none over a gap', () => {
    const closes = [
      { at: 0, close: 100 },
      { at: HOUR, close: 110 },
      { at: 3 * HOUR, close: 121 },
      { at: 4 * HOUR, close: 60.5 },
    ];
    expect(
      [...returnsOf(closes, HOUR)].map(([at, value]) => [at / HOUR, Number(value.toFixed(9))]),
    ).toEqual([
      [1, 0.1],
      [4, -0.5],
    ]);
  });
});

describe('clusters', () => {
  const market = new Map([
    ['A', series(wave(0))],
    ['B', series(wave(0.5))],
    ['C', series(wave(1))],
    ['D', series(wave(Math.PI / 2 + 1))],
  ]);

  it('join through others: A with B and B with C makes one, though A with C is below', () => {
    const ac =
      correlationOf(market.get('A') ?? new Map(), market.get('C') ?? new Map())?.value ?? 1;
    expect(ac).toBeLessThan(0.8);
    expect(clustersOf(['A', 'B', 'C', 'D'], market, 0.8)).toEqual([['A', 'B', 'C'], ['D']]);
  });

  it('take an unknown symbol as moving with everything', () => {
    expect(clustersOf(['A', 'D', 'X'], market, 0.8)).toEqual([['A', 'D', 'X']]);
  });

  it('count the open positions of the same side in the cluster of the candidate', () => {
    const held = (symbol: string, side: 'long' | 'short') =>
      position({ id: `${symbol}${side}`, symbol, side });
    const positions = [held('B', 'long'), held('C', 'short'), held('D', 'long')];
    const count = (symbol: string, side: 'long' | 'short') =>
      correlatedSameSide({ symbol, side }, { positions, returns: market }, DEFAULT_LIMITS);
    expect([count('A', 'long'), count('A', 'short'), count('X', 'long')]).toEqual([1, 0, 2]);
  });
});
