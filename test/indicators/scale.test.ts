import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/domain/candle.ts';
import { INDICATORS, type CatalogueEntry } from './catalogue.ts';
import { flat, joined, onTicks, walk, type MarketShape } from './market.ts';

/** The same market quoted in another unit. */
const quotedIn = (candles: readonly Candle[], factor: number): Candle[] =>
  candles.map((each) => ({
    ...each,
    open: each.open * factor,
    high: each.high * factor,
    low: each.low * factor,
    close: each.close * factor,
  }));

interface Shape extends MarketShape {
  readonly kind: 'walk' | 'flat between' | 'coarse';
}

/** Random markets: trending, wild and calm, with flat stretches, on coarse ticks, around any price. */
const shapes = (...kinds: readonly Shape['kind'][]): fc.Arbitrary<Shape> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    seed: fc.integer({ min: 1, max: 1e6 }),
    count: fc.constant(260),
    price: fc.constantFrom(1e-4, 0.37, 100, 61_234.5),
    drift: fc.constantFrom(-0.01, 0, 0.01),
    noise: fc.constantFrom(0.0005, 0.01, 0.08),
  });

function marketOf({ kind, ...shape }: Shape): readonly Candle[] {
  const moving = walk(shape);
  const price = shape.price ?? 1;
  if (kind === 'coarse') return onTicks(moving, price / 256);
  if (kind === 'walk') return moving;
  return joined(flat(40, price), moving.slice(0, 100), flat(60, price), moving);
}

/** The numbers of a value by name; none before the warm-up. */
const numbersOf = (value: unknown): Readonly<Record<string, number>> => {
  if (value === undefined) return {};
  return typeof value === 'number' ? { value } : { ...(value as Record<string, number>) };
};

/** Runs an indicator over a market and over the same in another unit, and compares each number in the first one's unit. */
function compareScales(
  { create, priceUnit }: CatalogueEntry,
  { candles, factor }: { readonly candles: readonly Candle[]; readonly factor: number },
  same: (scaled: number, plain: number, price: number) => boolean,
): void {
  const one = create();
  const other = create();
  const moved = quotedIn(candles, factor);
  for (const [row, candle] of candles.entries()) {
    one.update(candle);
    other.update(moved[row] ?? candle);
    const plain = numbersOf(one.value());
    const scaled = numbersOf(other.value());
    expect(Object.keys(scaled)).toEqual(Object.keys(plain));
    for (const [name, value] of Object.entries(plain)) {
      const found = (scaled[name] ?? NaN) / factor ** priceUnit;
      if (!same(found, value, priceUnit === 1 ? candle.close : 100)) {
        expect.fail(`row ${row}, ${name}: ${found} in another unit, ${value} in the first`);
      }
    }
  }
}

/** Relative to the price, or to an index of 100: some thousand roundings of 1e-16. */
const NOISE = 1e-11;
const RUNS = { numRuns: 12 };

describe.each(INDICATORS)('$name', (entry) => {
  it('is the same to the last bit when prices are 2^20 times larger or smaller, which rounds nothing', () => {
    const factors = fc.constantFrom(2 ** 20, 2 ** -20);
    fc.assert(
      fc.property(shapes('walk', 'flat between', 'coarse'), factors, (shape, factor) => {
        compareScales(entry, { candles: marketOf(shape), factor }, Object.is);
      }),
      RUNS,
    );
  });

  it('changes by rounding noise alone when prices are a million times larger or smaller', () => {
    // Whether a candle reaches up exactly as far as down is a question of the last digit: see the README of src/indicators.
    const kinds = entry.name.startsWith('ADX')
      ? shapes('walk', 'flat between')
      : shapes('walk', 'flat between', 'coarse');
    fc.assert(
      fc.property(kinds, fc.constantFrom(1e6, 1e-6), (shape, factor) => {
        compareScales(
          entry,
          { candles: marketOf(shape), factor },
          (scaled, plain, price) => Math.abs(scaled - plain) <= NOISE * price,
        );
      }),
      RUNS,
    );
  });
});

/** What an unmoved market is, exactly where the arithmetic allows it. */
const FLAT: Readonly<Record<string, number>> = {
  'ATR 14': 0,
  'RSI 14': 50,
  'RSI 2': 50,
  'ADX 14': 0,
};

describe.each([1e-9, 0.1, 0.3, 100, 61_234.57, 9e12])('a market that stands at %d', (price) => {
  it.each(INDICATORS)('$name', ({ name, create }) => {
    const indicator = create();
    for (const candle of flat(300, price)) indicator.update(candle);
    const exact = FLAT[name];
    if (exact !== undefined) {
      expect(indicator.value()).toBe(exact);
      return;
    }
    for (const [part, value] of Object.entries(numbersOf(indicator.value()))) {
      const moves = /^(atr|macd|signal|histogram)$/.test(part) || name.startsWith('ATR');
      const expected = name.startsWith('volume') ? 10 : moves ? 0 : price;
      expect(Math.abs(value - expected) / price, part).toBeLessThan(1e-14);
    }
  });
});
