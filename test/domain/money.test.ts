import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as money from '../../src/domain/money/money.ts';
import {
  price,
  qty,
  ratio,
  toText,
  usd,
  type Rounding,
  type Usd,
} from '../../src/domain/money/money.ts';

const Exact = Decimal.clone({ precision: 200, toExpNeg: -200, toExpPos: 200 });
const MODES: Record<Rounding, Decimal.Rounding> = {
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
  'half-even': Decimal.ROUND_HALF_EVEN,
  'half-up': Decimal.ROUND_HALF_UP,
};
const rounding = fc.constantFrom<Rounding>('down', 'up', 'half-even', 'half-up');
const RAW = 10n ** 30n;
const raw = fc.bigInt({ min: -RAW, max: RAW });
const amount = raw.map((value) => value as Usd);
const someAmount = raw.filter((value) => value !== 0n).map((value) => value as Usd);
const exact = (value: bigint) => new Exact(value.toString()).div('1e18');
const cut = (value: Decimal, mode: Rounding): string =>
  value.toDecimalPlaces(18, MODES[mode]).toFixed();

describe('the quick ways between numbers and money give what the text gives', () => {
  /** Whole units of 10^-8, the decimals of the books, up to and beyond what a double holds exactly. */
  const onBooks = fc
    .bigInt({ min: -(2n ** 55n), max: 2n ** 55n })
    .map((units) => (units * 10n ** 10n) as Usd);

  it('toNumber is the double nearest to the text', () => {
    for (const values of [amount, onBooks]) {
      fc.assert(
        fc.property(values, (value) => money.toNumber(value) === Number.parseFloat(toText(value))),
        { numRuns: 2_000 },
      );
    }
  });

  /** Through 15 decimals, as it is said of every number that becomes money. */
  const throughText = (value: number, tick: money.Price, mode: Rounding): string =>
    toText(money.roundToStep(price(value.toFixed(15)), tick, mode));
  const ticks = fc.constantFrom('0.01', '0.5', '0.0001', '0.00000001', '1', '10', '0.003', '2.5');
  const prices = fc.oneof(
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1e-4, noNaN: true }),
    // On a tick, just beside it, and half-way to the next.
    fc
      .tuple(
        fc.integer({ min: 0, max: 1e9 }),
        ticks,
        fc.constantFrom(0, 1, 0.5, -0.5, 1e-9, 0.011, -0.011, 0.489),
      )
      .map(([count, tick, beside]) => {
        const at = count * Number(tick);
        return Math.max(
          0,
          Math.abs(beside) === 1 ? at * (1 + Number.EPSILON) : at + beside * Number(tick),
        );
      }),
    fc.integer({ min: 0, max: 1e9 }).map((count) => count / 1e4),
  );

  it('priceFromNumber is the text rounded to the tick', () => {
    fc.assert(
      fc.property(prices, ticks, rounding, (value, tick, mode) => {
        const found = toText(money.priceFromNumber(value, price(tick), mode));
        return found === throughText(value, price(tick), mode);
      }),
      { numRuns: 5_000 },
    );
  });

  it('ratioFromNumber is the text', () => {
    const ratios = fc.oneof(
      fc.double({ min: -20, max: 20, noNaN: true }),
      fc.integer({ min: -2e9, max: 2e9 }).map((count) => count / 1e8),
      fc.integer({ min: -2e6, max: 2e6 }).map((count) => (count / 1e5) * (1 + Number.EPSILON)),
    );
    fc.assert(
      fc.property(ratios, (value) => money.ratioFromNumber(value) === ratio(value.toFixed(15))),
      { numRuns: 5_000 },
    );
  });
});

describe('reading and writing decimals', () => {
  it('gives back every value it wrote', () => {
    fc.assert(fc.property(amount, (value) => usd(toText(value)) === value));
  });

  it('writes what a decimal library writes', () => {
    fc.assert(fc.property(amount, (value) => toText(value) === exact(value).toFixed()));
  });

  it('reads what a decimal library reads, exponents included', () => {
    const parts = fc.tuple(
      fc.integer({ min: -999_999, max: 999_999 }),
      fc.integer({ min: -12, max: 12 }),
    );
    fc.assert(
      fc.property(parts, ([digits, exponent]) => {
        const text = `${digits}e${exponent}`;
        return toText(usd(text)) === new Exact(text).toFixed().replace(/^-0$/, '0');
      }),
    );
  });

  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['+1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0.0000077', '-0.0000077'],
    ['1E-8', '0.00000001'],
    [' 12 ', '12'],
    ['0.0000000000000000010', '0.000000000000000001'],
  ])('reads "%s" as %s', (text, value) => {
    expect(toText(usd(text))).toBe(value);
  });

  it.each([
    '',
    '.',
    '-',
    'abc',
    '1,5',
    '1.2.3',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e9999',
    '0.0000000000000000001',
  ])('refuses "%s" with a message that quotes it', (text) => {
    expect(() => price(text)).toThrow(`"${text}" is not a decimal price`);
    expect(money.isDecimal(text)).toBe(false);
  });

  it('reads percentages exactly and refuses ones that are too fine', () => {
    expect(toText(money.percent('1.5'))).toBe('0.015');
    expect(() => money.percent('0.000000000000000001')).toThrow(RangeError);
  });
});

describe('products and quotients against a decimal library', () => {
  it('notionalOf', () => {
    fc.assert(
      fc.property(amount, amount, rounding, (a, b, mode) => {
        const value = money.notionalOf(a as never, b as never, mode);
        return toText(value) === cut(exact(a).times(exact(b)), mode).replace(/^-0$/, '0');
      }),
    );
  });

  it('scaleBy', () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        rounding,
        (a, b, mode) =>
          toText(money.scaleBy(a, b as never, mode)) ===
          cut(exact(a).times(exact(b)), mode).replace(/^-0$/, '0'),
      ),
    );
  });

  it('ratioOf and qtyForNotional', () => {
    fc.assert(
      fc.property(amount, someAmount, rounding, (a, b, mode) => {
        const want = cut(exact(a).div(exact(b)), mode).replace(/^-0$/, '0');
        return (
          toText(money.ratioOf(a, b, mode)) === want &&
          toText(money.qtyForNotional(a, b as never, mode)) === want
        );
      }),
    );
  });

  it('mulDiv rounds once at the end', () => {
    fc.assert(
      fc.property(raw, raw, fc.tuple(someAmount, rounding), (a, b, [c, mode]) => {
        const want = new Exact(a.toString())
          .times(b.toString())
          .div(c.toString())
          .toDecimalPlaces(0, MODES[mode]);
        return (
          money.mulDiv(a, b, { c, rounding: mode }).toString() ===
          want.toFixed().replace(/^-0$/, '0')
        );
      }),
    );
  });

  it('divideBy and times', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 200 }), rounding, (a, n, mode) => {
        const want = cut(exact(a).div(n), mode).replace(/^-0$/, '0');
        return toText(money.divideBy(a, n, mode)) === want && money.times(a, n) === a * BigInt(n);
      }),
    );
  });

  it('toFixed', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 18 }), (value, decimals) => {
        const want = exact(value)
          .toDecimalPlaces(decimals, Decimal.ROUND_HALF_EVEN)
          .toFixed(decimals);
        return money.toFixed(value, decimals) === (/^-0\.?0*$/.test(want) ? want.slice(1) : want);
      }),
    );
  });

  it('throws RangeError on a division by zero', () => {
    expect(() => money.ratioOf(usd('1'), usd('0'), 'down')).toThrow(RangeError);
    expect(() => money.qtyForNotional(usd('1'), price('0'), 'down')).toThrow(RangeError);
  });
});

describe('rounding', () => {
  it.each([
    ['down', '1.5', '1'],
    ['down', '-1.5', '-1'],
    ['up', '1.1', '2'],
    ['up', '-1.1', '-2'],
    ['half-even', '0.5', '0'],
    ['half-even', '1.5', '2'],
    ['half-even', '2.5', '2'],
    ['half-even', '-2.5', '-2'],
    ['half-even', '-3.5', '-4'],
    ['half-even', '2.500000000000000001', '3'],
    ['half-up', '2.5', '3'],
    ['half-up', '-2.5', '-3'],
    ['half-up', '2.499999999999999999', '2'],
  ] as const)('%s of %s to whole steps is %s', (mode, value, want) => {
    expect(toText(money.roundToStep(qty(value), qty('1'), mode))).toBe(want);
  });

  it('never leaves the step and never moves a whole step', () => {
    const step = fc
      .bigInt({ min: 1n, max: 10n ** 20n })
      .map((value) => value as never as ReturnType<typeof qty>);
    fc.assert(
      fc.property(amount, step, rounding, (value, by, mode) => {
        const rounded = money.roundToStep(value as never as ReturnType<typeof qty>, by, mode);
        const moved = rounded - value;
        return rounded % by === 0n && (moved < 0n ? -moved : moved) < by;
      }),
    );
  });

  it('down never exceeds and up never falls short in size', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const down = money.abs(money.scaleBy(a, b as never, 'down'));
        const up = money.abs(money.scaleBy(a, b as never, 'up'));
        return down <= up && up - down <= 1n;
      }),
    );
  });

  it('refuses a step of zero or less', () => {
    expect(() => money.roundToStep(qty('1'), qty('0'), 'down')).toThrow('a step must be above 0');
  });
});

describe('plain numbers', () => {
  it('toNumber is the nearest double', () => {
    fc.assert(fc.property(amount, (value) => money.toNumber(value) === exact(value).toNumber()));
  });

  it('priceFromNumber lands on the tick, within one tick of the number', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e6, noNaN: true }), rounding, (value, mode) => {
        const tick = price('0.01');
        const made = money.priceFromNumber(value, tick, mode);
        return made % tick === 0n && Math.abs(money.toNumber(made) - value) <= 0.01 + 1e-9;
      }),
    );
  });

  it('refuses numbers that are not finite', () => {
    expect(() => money.priceFromNumber(Number.NaN, price('1'), 'down')).toThrow(RangeError);
    expect(() => money.ratioFromNumber(Number.POSITIVE_INFINITY)).toThrow(
      'Infinity is not a finite number',
    );
  });

  it('qtyFromNumber, usdFromNumber and ratioFromNumber keep plain figures', () => {
    expect(toText(money.qtyFromNumber(1.2345, qty('0.001'), 'down'))).toBe('1.234');
    expect(toText(money.usdFromNumber(0.1 + 0.2))).toBe('0.3');
    expect(toText(money.ratioFromNumber(2))).toBe('2');
  });
});

describe('sums and comparisons', () => {
  it('add, sub, neg, min, max and sumUsd are those of whole numbers', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1 }), (values) => {
        const [first = money.ZERO_USD, ...rest] = values;
        const total = values.reduce((sum, each) => sum + each, 0n);
        return (
          money.sumUsd(values) === total &&
          money.add(first, money.neg(first)) === 0n &&
          money.sub(first, first) === 0n &&
          money.min(first, ...rest) === values.reduce((a, b) => (b < a ? b : a)) &&
          money.max(first, ...rest) === values.reduce((a, b) => (b > a ? b : a))
        );
      }),
    );
  });

  it('stepOfDecimals is the unit of the last decimal', () => {
    expect(toText(money.stepOfDecimals(4) as Usd)).toBe('0.0001');
    expect(toText(ratio('1'))).toBe('1');
  });
});
