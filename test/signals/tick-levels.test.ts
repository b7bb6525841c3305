import fc from 'fast-check';
import { expect, it } from 'vitest';
import { price } from '../../src/domain/money/money.ts';
import { exactPrices } from '../../src/signals/levels.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { pricesInTicks } from '../../src/signals/tick-levels.ts';

const TICKS = ['0.00000001', '0.0000001', '0.0001', '0.01', '0.25', '1', '10'] as const;

/** Entries on the tick and beside it, from a few ticks to a hundred million of them, with stops at and around their limits. */
const inputs = fc
  .record({
    side: fc.constantFrom<'long' | 'short'>('long', 'short'),
    tick: fc.constantFrom(...TICKS),
    ticks: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 100_000_000 })),
    beside: fc.constantFrom(0, 0, 0, 0.3, 0.49, 0.5, 0.51, 0.999),
    atr: fc.oneof(
      fc.double({ min: 0, max: 0.06, noNaN: true }),
      fc.constantFrom(0.0025, 0.005, 0.01, 0.025, 0.05),
    ),
    stopAtrs: fc.constantFrom(0.5, 1, 1.5, 2, 12),
    minStop: fc.constantFrom(0, 0.005, 0.01),
    maxStop: fc.constantFrom(0.01, 0.05, 0.3),
    targetStops: fc.constantFrom(0.5, 2, 5),
    rewardRiskRoom: fc.constantFrom(0, 0.5),
    takerFee: fc.constantFrom(0, 0.0006),
  })
  .map(({ side, tick, ticks, beside, atr, ...changed }) => {
    const entry = (ticks + beside) * Number(tick);
    const parameters = { ...DEFAULT_STRATEGY, ...changed };
    return { side, entry, atr: atr * entry, instrument: { tick: price(tick) }, parameters };
  });

it('prices counted in ticks are those of exact integers, wherever a double tells', () => {
  let told = 0;
  fc.assert(
    fc.property(inputs, (input) => {
      const quick = pricesInTicks(input);
      if (quick === undefined) return;
      told += 1;
      expect(quick).toEqual(exactPrices(input));
    }),
    { numRuns: 20_000 },
  );
  // Most of these lie on a limit or a tick on purpose.
  expect(told).toBeGreaterThan(2_000);
});

it('leaves to exact integers what is not clear', () => {
  const input = (entry: number, atr: number, tick: string) =>
    ({
      side: 'long',
      entry,
      atr,
      instrument: { tick: price(tick) },
      parameters: DEFAULT_STRATEGY,
    }) as const;
  // The stop falls on a tick; half a tick; a tick that is no part of 1; below one tick.
  expect(pricesInTicks(input(100, 1, '0.01'))).toBeUndefined();
  expect(pricesInTicks(input(100.005, 1, '0.01'))).toBeUndefined();
  expect(pricesInTicks(input(100, 1, '0.3'))).toBeUndefined();
  expect(pricesInTicks(input(0.001, 1, '0.01'))).toBeUndefined();
  expect(pricesInTicks(input(100, 1.001234, '0.0001'))).toBeDefined();
});
