import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNumber, toText } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import type { Returns } from '../../src/risk/portfolio/correlation.ts';
import { tailRisk } from '../../src/risk/portfolio/value-at-risk.ts';
import { position } from './fixtures.ts';

const series = (values: readonly number[]): Returns =>
  new Map(values.map((value, n) => [n * HOUR, value]));
/** -50, -49 ... 49 thousandths, in a mixed order. */
const hundred = Array.from({ length: 100 }, (_, n) => (((n * 37) % 100) - 50) / 1_000);

describe('tailRisk of a long worth 100', () => {
  const held = position();

  it('is the fifth worst of a hundred at 95 %, and the mean of the five worst', () => {
    const found = tailRisk([held], new Map([['BTCUSDT', series(hundred)]]));
    expect([
      toText(found?.valueAtRisk ?? held.margin),
      toText(found?.expectedShortfall ?? held.margin),
    ]).toEqual(['4.6', '4.8']);
    expect(found).toMatchObject({
      n: 100,
      level: 0.95,
      method: 'historical simulation',
      unknown: [],
    });
  });

  it('is the worst alone at 99 %', () => {
    const found = tailRisk([held], new Map([['BTCUSDT', series(hundred)]]), 0.99);
    expect(toText(found?.valueAtRisk ?? held.margin)).toBe('5');
  });

  it('is undefined with 99 periods and without positions', () => {
    expect(tailRisk([held], new Map([['BTCUSDT', series(hundred.slice(1))]]))).toBeUndefined();
    expect(tailRisk([], new Map())).toBeUndefined();
  });

  it('mirrors for a short and cancels for a hedge', () => {
    const returns = new Map([['BTCUSDT', series(hundred)]]);
    const short = position({ id: 's', side: 'short' });
    expect(toText(tailRisk([short], returns)?.valueAtRisk ?? held.margin)).toBe('4.5');
    expect(tailRisk([held, short], returns)?.expectedShortfall).toBe(0n);
  });

  it('names the symbols it knows nothing of', () => {
    const returns = new Map([['BTCUSDT', series(hundred)]]);
    expect(tailRisk([held, position({ id: 'x', symbol: 'XUSDT' })], returns)?.unknown).toEqual([
      'XUSDT',
    ]);
  });

  it('never has a shortfall under the value at risk', () => {
    const any = fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), {
      minLength: 100,
      maxLength: 200,
    });
    fc.assert(
      fc.property(any, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (values, level) => {
        const found = tailRisk([held], new Map([['BTCUSDT', series(values)]]), level);
        if (found === undefined) throw new Error('enough periods were given');
        return toNumber(found.expectedShortfall) >= toNumber(found.valueAtRisk) - 1e-9;
      }),
    );
  });
});
