import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askWhich, readNumber } from '../../src/domain/words/read-number.ts';

const told = (typed: string): string => {
  const read = readNumber(typed);
  if (read.kind === 'unclear') return `${read.smaller} or ${read.larger}`;
  return read.kind === 'number' ? read.text : 'unreadable';
};

describe('a number that a person typed', () => {
  it.each([
    ['65000', '65000'],
    ['0.5', '0.5'],
    ['0,5', '0.5'],
    ['.5', '0.5'],
    [',5', '0.5'],
    ['65,', '65'],
    ['65.00', '65'],
    ['65,50', '65.5'],
    ['0065', '65'],
    ['00', '0'],
    // Thousands cannot begin with a 0, nor have four digits in front.
    ['0.500', '0.5'],
    ['0,500', '0.5'],
    ['065.000', '65'],
    ['1234.567', '1234.567'],
    ['1234,567', '1234.567'],
    ['65.0000', '65'],
    ['1.2345', '1.2345'],
    // Two of one kind are thousands.
    ['1.234.567', '1234567'],
    ['1,234,567', '1234567'],
    ['12,34,567', '1234567'],
    ['1,23,45,678', '12345678'],
    // Of two kinds the last one is the decimal point.
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1,234,567.89', '1234567.89'],
    ['1.234.567,89', '1234567.89'],
    ['1.000,000', '1000'],
    ['1,000.001', '1000.001'],
    ["65'000", '65000'],
    ['65’000.5', '65000.5'],
    ["1'234'567,5", '1234567.5'],
    ['65_000', '65000'],
    ['1_234_567.5', '1234567.5'],
    ['65\u2009000', '65000'],
    ['65\u202F000,5', '65000.5'],
    ['65\u00A0000', '65000'],
    ['$65000', '65000'],
    ['-2', '-2'],
    ['−2,5', '-2.5'],
    ['+2', '2'],
    ['$-2', '-2'],
    ['-$2', '-2'],
    ['６５０００', '65000'],
    ['63.9k', '63900'],
    ['63,95K', '63950'],
    ['0.5k', '500'],
    ['0.0005k', '0.5'],
    ['1.23456k', '1234.56'],
    ['65k', '65000'],
    // What can be both is not guessed.
    ['65.000', '65 or 65000'],
    ['65,000', '65 or 65000'],
    ['63.900', '63.9 or 63900'],
    ['1,234', '1.234 or 1234'],
    ['999.999', '999.999 or 999999'],
    ['-1.500', '-1.5 or -1500'],
    ['$1.500', '1.5 or 1500'],
    ['1.500k', '1500 or 1500000'],
    ['', 'unreadable'],
    ['-', 'unreadable'],
    ['k', 'unreadable'],
    ['.', 'unreadable'],
    ['1.2.3', 'unreadable'],
    ['1.234.56', 'unreadable'],
    ['0.123.456', 'unreadable'],
    ['65,00,0', 'unreadable'],
    ['1234.567.890', 'unreadable'],
    ['1,234.567,8', 'unreadable'],
    ["1.234'567", 'unreadable'],
    ["65'00", 'unreadable'],
    ['65_0', 'unreadable'],
    ['--2', 'unreadable'],
    ['-$-2', 'unreadable'],
    ['1e5', 'unreadable'],
    ['0x10', 'unreadable'],
    ['NaN', 'unreadable'],
    ['Infinity', 'unreadable'],
    ['65 usd', 'unreadable'],
    ['1'.repeat(30), '1'.repeat(30)],
    ['1'.repeat(31), 'unreadable'],
    ['0.1234567890123456', '0.1234567890123456'],
    ['0.12345678901234567', 'unreadable'],
    ['0.12345678901234560', '0.1234567890123456'],
  ])('%j is %s', (typed, meant) => {
    expect(told(typed)).toBe(meant);
  });

  it.each([
    'en-US',
    'de-DE',
    'de-CH',
    'fr-FR',
    'en-IN',
    'es-ES',
    'pl-PL',
    'pt-BR',
    'sv-SE',
    'it-IT',
    'ru-RU',
  ])('gives back what %s writes, or asks with it as one of the two', (locale) => {
    const write = new Intl.NumberFormat(locale, { maximumFractionDigits: 8 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000_000 }),
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        (digits, decimals, below) => {
          const value = (below ? -1 : 1) * (digits / 10 ** decimals);
          const typed = write.format(value);
          const read = readNumber(typed);
          if (read.kind === 'unreadable') throw new Error(`${typed} was not read`);
          if (read.kind === 'number') return Number(read.text) === value;
          expect(typed).toMatch(/^\D?[1-9]\d{0,2}[.,]\d{3}$/);
          return [read.smaller, read.larger].map(Number).includes(value);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throws, and gives back only what the fixed-point types hold', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+$]?[0-9.,' _k]{0,24}$/)), (typed) =>
        /^(unreadable|-?\d+(\.\d{1,16})?( or -?\d+(\.\d{1,16})?)?)$/.test(told(typed)),
      ),
    );
  });

  it('asks with both readings and how to write either, and either is then clear', () => {
    const read = readNumber('63.900');
    if (read.kind !== 'unclear') throw new Error('it was not asked');
    expect(askWhich('63.900', read)).toBe(
      '"63.900" can be read as 63.9 or as 63,900. Please write 63.9 for the first or 63900 for the second.',
    );
    expect([told('63.9'), told('63900')]).toEqual(['63.9', '63900']);
    expect(askWhich('65,000', { smaller: '65', larger: '65000' })).toContain(
      'write 65.0 for the first or 65000 for the second',
    );
  });

  it('asks in a way that is clear for every number that can be both', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 999 }), (a, b) => {
        const typed = `${a}.${String(b).padStart(3, '0')}`;
        const read = readNumber(typed);
        if (read.kind !== 'unclear') return false;
        const [, first = '', second = ''] =
          /write (\S+) for the first or (\S+) for/.exec(askWhich(typed, read)) ?? [];
        return told(first) === read.smaller && told(second) === read.larger;
      }),
    );
  });
});
