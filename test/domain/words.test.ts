import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { price, ratio, toText, type Ratio } from '../../src/domain/money/money.ts';
import {
  averageText,
  signedShareText,
  countText,
  decimalText,
  numberText,
  percentColumn,
  percentText,
  plainName,
  plainNumber,
  shareText,
  signedText,
} from '../../src/domain/words/words.ts';

describe('a percentage', () => {
  it.each([
    ['0.015', '1.5 %', '1.50 %'],
    ['0', '0 %', '0.00 %'],
    ['1', '100 %', '100.00 %'],
    ['12345.6', '1,234,560 %', '1,234,560.00 %'],
    ['-0.015', '-1.5 %', '-1.50 %'],
    // More digits where two would show a zero that it is not.
    ['0.00005', '0.005 %', '0.005 %'],
    ['0.000051', '0.01 %', '0.01 %'],
    ['-0.00003', '-0.003 %', '-0.003 %'],
    ['0.00000001', '0.000001 %', '0.000001 %'],
    ['0.000000005', 'under 0.000001 %', 'under 0.000001 %'],
    ['-0.000000000000000001', 'under 0.000001 %', 'under 0.000001 %'],
  ])('%s is %s', (value, text, column) => {
    expect(percentText(ratio(value))).toBe(text);
    expect(percentColumn(ratio(value))).toBe(column);
  });

  it('never shows a zero that it is not, nor a negative zero', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (raw) => {
        const text = percentText(raw as Ratio);
        expect(/[1-9]/.test(text)).toBe(raw !== 0n);
        expect(text).not.toMatch(/-0(\.0*)? %/);
      }),
    );
  });

  it.each([
    [0.042, '4.2 %'],
    [0, '0.0 %'],
    [-0, '0.0 %'],
    [-0.0004, '-0.04 %'],
    [1e-12, 'under 0.000001 %'],
    [Number.NaN, 'unknown'],
    [Number.POSITIVE_INFINITY, 'unknown'],
    [12, '1,200.0 %'],
  ])('of the plain number %d is %s', (value, text) => {
    expect(shareText(value)).toBe(text);
  });
});

describe('a number', () => {
  it.each([
    ['27123.4', '27,123.4'],
    ['0.003406510768944253', '0.0034065108'],
    ['1.003406510768944253', '1.00340651'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['118000.123456789', '118,000.12345679'],
    ['-2.50', '-2.5'],
    ['0', '0'],
    ['100', '100'],
  ])('%s is %s', (value, text) => {
    expect(numberText(price(value))).toBe(text);
  });

  it('has at most eight digits behind the point after the first zeros, and is near what it says', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (raw) => {
        const value = raw as Ratio;
        const text = plainNumber(value);
        expect(text).not.toMatch(/\.0*[1-9]\d{8,}/);
        expect(text).not.toMatch(/^-0(\.0*)?$/);
        expect(/[1-9]/.test(text)).toBe(raw !== 0n);
        const exact = Number(toText(value));
        expect(Math.abs(Number(text) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 1e-7);
      }),
    );
  });

  it('that is plain has its decimals, no negative zero, and a plus before a gain', () => {
    expect(decimalText(-0.004, 2)).toBe('0.00');
    expect(decimalText(-0.006, 2)).toBe('-0.01');
    expect(decimalText(1e21, 2)).toBe('1,000,000,000,000,000,000,000');
    expect(decimalText(1234.5, 1)).toBe('1,234.5');
    expect(decimalText(Number.NaN, 1)).toBe('unknown');
    expect([0.1234, -0.1234, 0.0001, 0].map((each) => signedText(each, 3))).toEqual([
      '+0.123',
      '-0.123',
      '0.000',
      '0.000',
    ]);
  });
});

it('one is one, and more are more', () => {
  expect([0, 1, 2, 1_234].map((n) => countText(n, 'trade'))).toEqual([
    '0 trades',
    '1 trade',
    '2 trades',
    '1,234 trades',
  ]);
  expect(countText(2, 'loss', 'losses')).toBe('2 losses');
  expect(plainName('stop-too-far')).toBe('stop too far');
});

describe('an average price', () => {
  it.each([
    ['65123.456789', '65,123.46'],
    ['3456.785', '3,456.78'],
    ['1.23456789', '1.23457'],
    ['0.000012345678', '0.0000123457'],
    ['100', '100'],
  ])('%s is shown as %s', (exact, shown) => {
    expect(averageText(price(exact))).toBe(shown);
  });
});

describe('a result in percent', () => {
  it('has a plus before a gain, a minus before a loss, and neither at zero', () => {
    expect([0.038, -0.037, 0].map((each) => signedShareText(each))).toEqual([
      '+3.8 %',
      '-3.7 %',
      '0.0 %',
    ]);
  });
});
