import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  max,
  min,
  percent,
  price,
  priceFromNumber,
  ratioFromNumber,
  sub,
  toNumber,
  type Price,
} from '../../src/domain/money/money.ts';
import { reaches, rewardAndRisk } from '../../src/domain/money/reward-risk.ts';
import { distance } from '../../src/domain/position.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { anchored } from '../../src/signals/ordering/anchor.ts';
import { bandOf } from '../../src/signals/levels.ts';

const tick = price('0.0001');
const limits = DEFAULT_LIMITS;
const two = ratioFromNumber(2);

/** A signal at 100 whose stop stands so far away. */
const signalOf = (side: 'long' | 'short', stop: number) => ({
  strategy: side === 'short' ? 'breakdown' : 'breakout',
  side,
  entry: price('100'),
  stop: priceFromNumber(side === 'short' ? 100 + stop : 100 - stop, tick, 'half-even'),
});

function at(side: 'long' | 'short', stop: number, mark: Price) {
  const levels = anchored(signalOf(side, stop), { mark, instrument: { tick }, limits });
  if (levels === undefined) throw new Error('no levels');
  return { side, ...levels };
}

describe('stop and target at the price of now', () => {
  it('stand at 4.7 % and 2 (4.7 % + 0.3 %) + 0.66 % where the cap sets the stop', () => {
    expect(at('short', 5, price('90'))).toEqual({
      side: 'short',
      entry: price('90'),
      stop: price('94.23'),
      target: price('80.406'),
    });
    expect(at('long', 5, price('110'))).toEqual({
      side: 'long',
      entry: price('110'),
      stop: price('104.83'),
      target: price('121.726'),
    });
  });

  it('keep the distance of a clean signal, and cap it at 4.7 %, not a hair before', () => {
    expect(at('short', 3, price('100')).stop).toBe(price('103'));
    expect(at('short', 4.7, price('100')).stop).toBe(price('104.7'));
    expect(at('short', 4.71, price('100')).stop).toBe(price('104.7'));
    expect(at('short', 3, price('100')).target).toBe(price('92.74'));
  });

  it('stay where the signal put them for a strategy that does not move them', () => {
    const signal = { ...signalOf('short', 5), strategy: 'agreement' };
    const now = { mark: price('90'), instrument: { tick }, limits };
    expect(anchored(signal, now)).toBeUndefined();
  });

  it('follow a tighter limit of the owner', () => {
    const now = { mark: price('100'), instrument: { tick }, limits: { maxStop: percent('2') } };
    expect(anchored(signalOf('short', 5), now)?.stop).toBe(price('101.7'));
  });

  it('keep stop and reward within the limits over the whole band of the card, and one tick beyond they do not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('long' as const, 'short' as const),
        fc.double({ min: 0.6, max: 5, noNaN: true }),
        fc.integer({ min: 50_0000, max: 2000_0000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (side, stop, ticks, share) => {
          const plan = at(side, stop, priceFromNumber(ticks / 1e4, tick, 'half-even'));
          const band = bandOf(plan, { tick });
          const width = toNumber(band.high) - toNumber(band.low);
          const drawn = priceFromNumber(toNumber(band.low) + share * width, tick, 'half-even');
          const inside = max(band.low, min(band.high, drawn));
          const holds = (entry: Price): boolean =>
            distance(entry, plan.stop) * 100n <= entry * 5n &&
            distance(entry, plan.stop) * 1000n >= entry * 5n &&
            reaches(rewardAndRisk({ ...plan, entry }, limits.takerFee), two);
          for (const entry of [plan.entry, band.low, band.high, inside]) {
            expect(holds(entry)).toBe(true);
          }
          const beyond = side === 'short' ? sub(band.low, tick) : add(band.high, tick);
          expect(holds(beyond)).toBe(false);
          // The room is what was promised, less what a fall makes of 4.7 % (0.29 %).
          const room = toNumber(distance(plan.entry, side === 'short' ? band.low : band.high));
          expect(room / toNumber(plan.entry)).toBeGreaterThan(0.0028);
        },
      ),
    );
  });
});
