import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dec,
  divDec,
  formatDec,
  fromTicks,
  money,
  moneyUp,
  mulDec,
  parseDec,
  roundDec,
  toTicks,
} from '../../../src/simulator/venue/decimal.ts';

Decimal.set({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 8 }))
  .map(([units, decimals]) =>
    new Decimal(units.toString()).div(new Decimal(10).pow(decimals)).toFixed(),
  );

describe('decimals', () => {
  it('print what they read', () => {
    fc.assert(
      fc.property(amount, (text) => {
        expect(formatDec(dec(text))).toBe(new Decimal(text).toFixed());
      }),
    );
  });

  it('multiply, divide and round as a decimal library does', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const product = new Decimal(a).mul(b);
        expect(formatDec(mulDec(dec(a), dec(b)))).toBe(product.toDecimalPlaces(12).toFixed());
        expect(formatDec(money(mulDec(dec(a), 10n ** 12n)))).toBe(
          new Decimal(a).toDecimalPlaces(8).toFixed(),
        );
        if (dec(b) !== 0n)
          expect(formatDec(divDec(dec(a), dec(b)))).toBe(
            new Decimal(a).div(b).toDecimalPlaces(12).toFixed(),
          );
      }),
    );
  });

  it('round required money away from zero', () => {
    expect(formatDec(moneyUp(dec('0.000000001')))).toBe('0.00000001');
    expect(formatDec(moneyUp(dec('-0.000000001')))).toBe('-0.00000001');
    expect(formatDec(roundDec(dec('1.005'), 2))).toBe('1.01');
  });

  it.each(['', '1e5', '1.', '.5', '0x1', 'NaN', '1,5', '0.0000000000001'])(
    'do not read "%s"',
    (text) => {
      expect(parseDec(text)).toBeUndefined();
    },
  );

  it('convert to ticks and back', () => {
    expect(toTicks(dec('1.26'), 1, 'down')).toBe(12);
    expect(toTicks(dec('1.26'), 1, 'up')).toBe(13);
    expect(toTicks(dec('-1.26'), 1, 'down')).toBe(-13);
    expect(formatDec(fromTicks(126, 2))).toBe('1.26');
  });
});
