import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { price, ratio, toNumber, toText, type Price } from '../../src/domain/money/money.ts';
import { distance, towardsLoss, towardsProfit, type Side } from '../../src/domain/position.ts';
import {
  approvalDrift,
  rewardRiskAfterFees,
  tradeLevels,
  type Levels,
} from '../../src/signals/levels.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';

const plain = { ...DEFAULT_STRATEGY, rewardRiskRoom: 0, takerFee: 0 };

interface Case {
  readonly side: Side;
  readonly entry: number;
  readonly atr: number;
  readonly tick: string;
  readonly parameters?: typeof DEFAULT_STRATEGY;
}

function levels({ side, entry, atr, tick, parameters = plain }: Case): Levels {
  const found = tradeLevels({ side, entry, atr, instrument: { tick: price(tick) }, parameters });
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const texts = ({ entry, stop, target }: Levels): string[] => [entry, stop, target].map(toText);

describe('tradeLevels', () => {
  it('puts the stop two ATRs away and the target twice as far when nothing costs anything', () => {
    expect(texts(levels({ side: 'long', entry: 100, atr: 1, tick: '0.01' }))).toEqual([
      '100',
      '98',
      '104',
    ]);
    expect(texts(levels({ side: 'short', entry: 100, atr: 1, tick: '0.01' }))).toEqual([
      '100',
      '102',
      '96',
    ]);
  });

  it('clamps the stop to 0.5 % and 5 % of entry', () => {
    expect(texts(levels({ side: 'long', entry: 100, atr: 0.01, tick: '0.01' }))[1]).toBe('99.5');
    expect(texts(levels({ side: 'short', entry: 100, atr: 9, tick: '0.01' }))[1]).toBe('105');
  });

  it('rounds stop and target away from entry', () => {
    const long = levels({ side: 'long', entry: 100.04, atr: 1.01, tick: '0.1' });
    expect(texts(long)).toEqual(['100', '97.9', '104.2']);
    const short = levels({ side: 'short', entry: 100.04, atr: 1.01, tick: '0.1' });
    expect(texts(short)).toEqual(['100', '102.1', '95.8']);
  });

  it('rounds the stop towards entry where rounding away would pass 5 %', () => {
    expect(texts(levels({ side: 'long', entry: 101, atr: 9, tick: '1' }))).toEqual([
      '101',
      '96',
      '111',
    ]);
  });

  it('moves the target out until reward : risk after fees holds with its room', () => {
    const { target, rewardRisk } = levels({
      side: 'long',
      entry: 100,
      atr: 1,
      tick: '0.0001',
      parameters: DEFAULT_STRATEGY,
    });
    // t = (100 x 1.0006 + 2.5 x (2 + 0.0006 x 198)) / 0.9994
    expect(toText(target)).toBe('105.4203');
    expect(rewardRisk).toBeGreaterThanOrEqual(2.5);
    expect(rewardRisk).toBeLessThan(2.5001);
  });

  it('says so when the tick is too coarse for any stop within the limits', () => {
    const input = { side: 'long', entry: 3, atr: 0.05, parameters: plain } as const;
    expect(tradeLevels({ ...input, instrument: { tick: price('1') } })).toContain('stop limits');
    expect(tradeLevels({ ...input, entry: 0.3, instrument: { tick: price('1') } })).toContain(
      'below one tick',
    );
  });

  it('keeps every promise for any price, ATR, tick and side', () => {
    const cases = fc.record({
      side: fc.constantFrom<Side>('long', 'short'),
      entry: fc.double({ min: 0.000_01, max: 150_000, noNaN: true }),
      atrFraction: fc.double({ min: 0, max: 0.2, noNaN: true }),
      decimals: fc.integer({ min: 0, max: 8 }),
    });
    fc.assert(
      fc.property(cases, ({ side, entry, atrFraction, decimals }) => {
        const tick = price((10 ** -decimals).toFixed(decimals));
        const found = tradeLevels({
          side,
          entry,
          atr: entry * atrFraction,
          instrument: { tick },
          parameters: DEFAULT_STRATEGY,
        });
        if (typeof found === 'string') return;
        const { entry: at, stop, target, rewardRisk } = found;
        for (const each of [at, stop, target]) expect(each % tick).toBe(0n);
        const size = distance(at, stop);
        expect(size * 1000n >= at * 5n && size * 100n <= at * 5n).toBe(true);
        expect(distance(at, target) >= size * 2n).toBe(true);
        expect(side === 'long' ? stop < at && at < target : target < at && at < stop).toBe(true);
        expect(rewardRisk).toBeGreaterThanOrEqual(2.5 - 1e-12);
      }),
      { numRuns: 500 },
    );
  });
});

it('rewardRiskAfterFees takes the fee of both legs from the gain and adds it to the loss', () => {
  const plan = {
    side: 'long',
    entry: price('100'),
    stop: price('98'),
    target: price('104'),
  } as const;
  expect(rewardRiskAfterFees(plan, ratio('0'))).toBe(2);
  const fee = 0.0006;
  expect(rewardRiskAfterFees(plan, ratio('0.0006'))).toBeCloseTo(
    (4 - 204 * fee) / (2 + 198 * fee),
    12,
  );
  expect(
    rewardRiskAfterFees({ ...plan, target: price('100.01') as Price }, ratio('0.0006')),
  ).toBeLessThan(0);
  expect(toNumber(plan.entry)).toBe(100);
});

describe.each<Side>(['long', 'short'])('approvalDrift of a %s', (side) => {
  const fee = ratio('0.0006');
  const tick = price('0.0001');
  const shown = levels({ side, entry: 100, atr: 1, tick: '0.0001', parameters: DEFAULT_STRATEGY });
  const drift = approvalDrift({ side, ...shown });

  it('ends where reward : risk after fees falls to 2', () => {
    const edge = towardsProfit(shown.entry, drift.adverse, side);
    const beyond = towardsProfit(edge, tick, side);
    expect(drift.adverse > 0n).toBe(true);
    expect(rewardRiskAfterFees({ side, ...shown, entry: edge }, fee)).toBeCloseTo(2, 9);
    expect(rewardRiskAfterFees({ side, ...shown, entry: beyond }, fee)).toBeLessThan(2);
  });

  it('ends half way to the stop, or where the stop is 0.5 % away', () => {
    expect(toText(drift.favourable)).toBe('1');
    const tight = levels({
      side,
      entry: 100,
      atr: 0.3,
      tick: '0.0001',
      parameters: DEFAULT_STRATEGY,
    });
    const edge = towardsLoss(tight.entry, approvalDrift({ side, ...tight }).favourable, side);
    expect(toNumber(distance(edge, tight.stop)) / toNumber(edge)).toBeCloseTo(0.005, 9);
  });
});
