import { describe, expect, it } from 'vitest';
import {
  decimalText,
  enumText,
  idText,
  timestamp,
  wholeNumber,
} from '../../src/exchange/wire/wire-value.ts';

describe('decimalText', () => {
  it.each([
    ['0.5', '0.5'],
    [' -187.07 ', '-187.07'],
    [20, '20'],
    [1e-7, '1e-7'],
    ['1E-8', '1E-8'],
    ['.5', '.5'],
    ['0.1234567890123456789', '0.123456789012345678'],
  ])('reads %o as %s', (value, text) => {
    expect(decimalText(value)).toBe(text);
  });

  it.each([
    'market',
    '',
    '-',
    '.',
    '0x10',
    '1,5',
    'NaN',
    Number.NaN,
    Infinity,
    null,
    undefined,
    {},
    [1],
    true,
    '9'.repeat(90),
    '1e999',
  ])('refuses %o', (value) => {
    expect(decimalText(value)).toBeUndefined();
  });
});

it('reads whole numbers from text and number, and nothing else', () => {
  expect([20, '20', '20.0', 0].map(wholeNumber)).toEqual([20, 20, 20, 0]);
  expect([1.5, '1.5', '', null, '20x', 2 ** 60].map(wholeNumber)).toEqual(Array(6).fill(undefined));
});

it('keeps ids as text and refuses numbers that lost digits', () => {
  expect(idText('6819999999999999999')).toBe('6819999999999999999');
  expect(idText(7001)).toBe('7001');
  expect([2 ** 60, '', ' ', null, {}].map(idText)).toEqual(Array(5).fill(undefined));
});

it('strips underscores and case from enum words', () => {
  expect(['NEW_', 'Buy', ' sell ', 'PART_FILLED__'].map(enumText)).toEqual([
    'NEW',
    'BUY',
    'SELL',
    'PART_FILLED',
  ]);
  expect([null, 1, '_', ''].map(enumText)).toEqual(Array(4).fill(undefined));
});

it('reads milliseconds and ISO times with nanoseconds, and refuses other units', () => {
  expect(timestamp('1767225600000')).toBe(1_767_225_600_000);
  expect(timestamp(1_767_225_600_000)).toBe(1_767_225_600_000);
  expect(timestamp('2026-01-01T00:00:10.123456789Z')).toBe(1_767_225_610_123);
  expect(['1767225600', '', 'soon', '2026-13-01', null].map(timestamp)).toEqual(
    Array(5).fill(undefined),
  );
});
