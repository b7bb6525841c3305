import fc from 'fast-check';
import { price, roundToStep, type Price } from '../../src/domain/money/money.ts';
import type { Candidate } from '../../src/risk/gate/gate-facts.ts';

const TICK = price('0.01');
const SYMBOLS = ['AUSDT', 'BUSDT', 'CUSDT', 'DUSDT', 'EUSDT', 'FUSDT'] as const;

const onTick = (value: number): Price => roundToStep(price(value.toFixed(6)), TICK, 'half-even');

/** Entries that mostly pass the plain limits: side, prices, stop distance and volatility vary. */
export const anyCandidate: fc.Arbitrary<Candidate> = fc
  .record({
    symbol: fc.constantFrom(...SYMBOLS),
    side: fc.constantFrom('long' as const, 'short' as const),
    entry: fc.double({ min: 20, max: 3_000, noNaN: true }),
    stopShare: fc.double({ min: 0.0052, max: 0.051, noNaN: true }),
    reward: fc.double({ min: 1.95, max: 5, noNaN: true }),
    score: fc.integer({ min: 74, max: 100 }),
    category: fc.constantFrom('x', 'y', 'z'),
    atrFraction: fc.double({ min: 0.001, max: 0.04, noNaN: true }),
  })
  .map(({ entry, stopShare, reward, side, ...rest }) => {
    const away = side === 'long' ? -1 : 1;
    return {
      ...rest,
      side,
      entry: onTick(entry),
      stop: onTick(entry * (1 + away * stopShare)),
      target: onTick(entry * (1 - away * stopShare * reward * 1.4)),
    };
  });

/** The category of each symbol, as the model's market has it. */
export const categoriesOf = (candidates: readonly Candidate[]): ReadonlyMap<string, string> =>
  new Map(candidates.map((each) => [each.symbol, each.category]));
