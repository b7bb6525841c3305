import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitPresets } from '../../src/app/limits/limit-presets.ts';
import { parseLimitRequest } from '../../src/app/limits/limit-request.ts';
import { DEFAULT_LIMITS, LIMIT_IDS, limitOf } from '../../src/risk/terms/limits.ts';
import { percent } from '../../src/domain/money/money.ts';

const valuesOf = (id: (typeof LIMIT_IDS)[number], limits = DEFAULT_LIMITS) =>
  limitPresets(id, limits).map(({ value }) => value);

describe('values of a limit that a tap can ask for', () => {
  it.each([
    [
      'riskPerTrade',
      ['0.25 % of equity', '0.38 % of equity', '0.75 % of equity', '1.5 % of equity'],
    ],
    ['maxPositions', ['2', '5']],
  ] as const)('of %s are the default, the loosest and parts of what is in force', (id, values) => {
    expect(valuesOf(id)).toEqual(values);
  });

  it('hold the default where it is not in force', () => {
    const limits = { ...DEFAULT_LIMITS, riskPerTrade: percent('1') };
    expect(valuesOf('riskPerTrade', limits)).toContain('0.5 % of equity');
  });

  it.each(LIMIT_IDS)('of %s can be asked for, and are never past what is allowed', (id) => {
    const { allowed, ceiling, tighter } = limitOf(id);
    const now = DEFAULT_LIMITS[id];
    const inForce = fc
      .integer({ min: 1, max: 300 })
      .map((percents) =>
        typeof now === 'bigint' ? (now * BigInt(percents)) / 100n : (now * percents) / 100,
      )
      .filter((each) => allowed.holds(each as never));
    // Where a day begins has no more and no less.
    if (now !== 0) expect(limitPresets(id, DEFAULT_LIMITS).length).toBeGreaterThan(0);
    fc.assert(
      fc.property(inForce, (value) => {
        const limits = { ...DEFAULT_LIMITS, [id]: value };
        for (const { words } of limitPresets(id, limits)) {
          const request = parseLimitRequest(words);
          if (typeof request === 'string') throw new Error(request);
          expect(request.id).toBe(id);
          expect(request.to).not.toBe(value);
          expect(allowed.holds(request.to as never)).toBe(true);
          if (ceiling !== undefined)
            expect(tighter === 'higher' ? request.to >= ceiling : request.to <= ceiling).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
