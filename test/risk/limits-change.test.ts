import { describe, expect, it } from 'vitest';
import { percent, ratio } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import {
  ceilingViolations,
  decideChange,
  LOOSENING_WAIT_MS,
  settleChange,
  type ChangeContext,
} from '../../src/risk/terms/limits-change.ts';
import {
  DEFAULT_LIMITS,
  LIMIT_IDS,
  describeLimits,
  type RiskLimits,
  HARD_CEILINGS,
  limitOf,
  type LimitId,
} from '../../src/risk/terms/limits.ts';
import { NOW } from './fixtures.ts';

const context = (over: Partial<ChangeContext> = {}): ChangeContext => ({
  limits: { ...DEFAULT_LIMITS, riskPerTrade: percent('1'), maxPositions: 2 },
  ceilings: HARD_CEILINGS,
  mode: 'normal',
  inDrawdown: false,
  now: NOW,
  ...over,
});

const change = <Id extends LimitId>(
  id: Id,
  to: RiskLimits[Id],
  over: Partial<ChangeContext> = {},
) => decideChange({ id, to, by: 7 }, context(over));

const codeOf = (decision: ReturnType<typeof decideChange>): string =>
  decision.kind === 'refused' ? decision.refusal.code : decision.kind;

describe('tightening', () => {
  it('counts at once, also in a halt and in a drawdown', () => {
    const decision = change('riskPerTrade', percent('0.5'), { mode: 'halted', inDrawdown: true });
    expect(decision).toMatchObject({ kind: 'applied', limits: { riskPerTrade: percent('0.5') } });
  });

  it('is known for every limit', () => {
    const known = LIMIT_IDS.filter((id) => limitOf(id).tighter !== undefined);
    expect(known.toSorted()).toEqual(Object.keys(DEFAULT_LIMITS).toSorted());
  });

  it('goes up where higher is tighter', () => {
    expect(codeOf(change('minScore', 80))).toBe('applied');
    expect(codeOf(change('minScore', 70))).toBe('waits');
  });
});

describe('loosening', () => {
  it('waits 12 h and says until when', () => {
    const decision = change('maxPositions', 3);
    expect(decision).toMatchObject({
      kind: 'waits',
      change: { effectiveAt: NOW + LOOSENING_WAIT_MS, by: 7 },
      sentence:
        'The limit for open positions becomes 3 at 2025-10-11 00:00 UTC. You can cancel this until then.',
    });
  });

  it('is in force at its time and not a millisecond before', () => {
    const decision = change('maxPositions', 3);
    if (decision.kind !== 'waits') throw new Error(decision.kind);
    const at = (now: number) => settleChange(decision.change, context({ now }));
    expect(at(NOW + 12 * HOUR - 1).kind).toBe('waits');
    expect(at(NOW + 12 * HOUR)).toMatchObject({ kind: 'applied', limits: { maxPositions: 3 } });
  });

  it('is refused in a halt and in a drawdown, and dropped when one came meanwhile', () => {
    expect(codeOf(change('maxPositions', 3, { mode: 'reduceOnly' }))).toBe('not-while-halted');
    expect(codeOf(change('maxPositions', 3, { mode: 'halted' }))).toBe('not-while-halted');
    expect(codeOf(change('maxPositions', 3, { inDrawdown: true }))).toBe('not-in-drawdown');
    const decision = change('maxPositions', 3);
    if (decision.kind !== 'waits') throw new Error(decision.kind);
    const later = context({ now: NOW + 13 * HOUR, inDrawdown: true });
    expect(settleChange(decision.change, later)).toMatchObject({
      kind: 'dropped',
      refusal: { code: 'not-in-drawdown' },
    });
  });

  it('reaches a hard ceiling and never passes it by a unit', () => {
    expect(codeOf(change('riskPerTrade', percent('1.5')))).toBe('waits');
    expect(codeOf(change('riskPerTrade', ratio('0.015000000000000001')))).toBe('hard-ceiling');
    expect(codeOf(change('maxLeverage', 6))).toBe('hard-ceiling');
    expect(codeOf(change('dailyLoss', ratio('0.030000000000000001')))).toBe('hard-ceiling');
    expect(codeOf(change('drawdown', ratio('0.100000000000000001')))).toBe('hard-ceiling');
  });

  it('is dropped when the ceiling came down meanwhile', () => {
    const decision = change('riskPerTrade', percent('1.5'));
    if (decision.kind !== 'waits') throw new Error(decision.kind);
    const later = context({ now: NOW + 13 * HOUR, ceilings: { riskPerTrade: percent('1.2') } });
    expect(settleChange(decision.change, later)).toMatchObject({
      kind: 'dropped',
      refusal: { code: 'hard-ceiling' },
    });
  });
});

describe('values that make no sense', () => {
  it.each([
    ['maxPositions', 0],
    ['maxPositions', 1.5],
    ['maxLeverage', Number.NaN],
    ['minScore', 101],
    ['symbolCoolDownMs', -1],
  ] as const)('%s of %d is refused', (id, to) => {
    expect(codeOf(change(id, to))).toBe('value-not-sensible');
  });

  it('a fraction above 1 or of 0 is refused', () => {
    expect(codeOf(change('maxHeat', ratio('1.1')))).toBe('value-not-sensible');
    expect(codeOf(change('maxHeat', ratio('0')))).toBe('value-not-sensible');
  });
});

describe('what a limit may be', () => {
  it.each([
    ['dailyLoss', ratio('-0.01'), 'daily loss must be above 0 % and at most 100 %.'],
    ['maxPositions', 1_001, 'open positions must be a whole number from 1 to 1000.'],
    ['maxPositions', 0, 'open positions must be a whole number from 1 to 1000.'],
    ['dayStartOffsetMs', 24 * HOUR, 'day starts must be from 0 h to under 24 h.'],
    ['symbolCoolDownMs', 365 * 24 * HOUR + 1, 'pause per symbol must be from 0 s to 365 d.'],
    ['minScore', 100.1, 'checks passed must be from 0 to 100.'],
    ['correlationThreshold', 1.01, 'correlated from must be from 0 to 1.'],
    ['minRewardRisk', 1_000.5, 'reward : risk must be from 0 to 1000.'],
    ['minRewardRisk', -0.5, 'reward : risk must be from 0 to 1000.'],
  ] as const)('%s of %s is answered with what is allowed', (id, to, sentence) => {
    const decision = change(id, to);
    if (decision.kind !== 'refused') throw new Error(decision.kind);
    expect(decision.refusal.sentence).toBe(`The limit for ${sentence}`);
  });

  it.each([
    ['dailyLoss', ratio('0.000000000000000001')],
    ['maxHeat', ratio('1')],
    ['maxPositions', 1],
    ['maxPositions', 1_000],
    ['dayStartOffsetMs', 24 * HOUR - 1],
    ['symbolCoolDownMs', 365 * 24 * HOUR],
    ['symbolCoolDownMs', 0],
    ['minScore', 100],
    ['correlationThreshold', 1],
    ['minRewardRisk', 1_000],
  ] as const)('%s of %s is possible', (id, to) => {
    expect(codeOf(change(id, to))).not.toBe('value-not-sensible');
  });
});

describe('limits from outside', () => {
  it('keep the ceilings by default and name the ones they break', () => {
    expect(ceilingViolations(DEFAULT_LIMITS)).toEqual([]);
    expect(ceilingViolations({ ...DEFAULT_LIMITS, maxLeverage: 20 })).toEqual([
      'The limit for leverage is 20x at most; it can never be looser than 5x at most.',
    ]);
  });
});

describe('describeLimits', () => {
  it('shows every limit once with a value and a meaning', () => {
    const rows = describeLimits(DEFAULT_LIMITS);
    expect(rows.map((row) => row.id).toSorted()).toEqual(Object.keys(DEFAULT_LIMITS).toSorted());
    expect(new Set(rows.map((row) => row.label)).size).toBe(rows.length);
    for (const row of rows) expect(row.value.length * row.meaning.length).toBeGreaterThan(0);
  });

  it('gives the documented defaults with their units', () => {
    const values = Object.fromEntries(
      describeLimits(DEFAULT_LIMITS).map((row) => [row.id, row.value]),
    );
    expect(values).toMatchObject({
      riskPerTrade: '0.5 % of equity',
      maxLeverage: '5x at most',
      marginPerPosition: '20 % of equity',
      maxHeat: '5 % of equity',
      dailyLoss: "3 % of the day's first equity",
      drawdown: '10 % from the high-water mark',
      symbolCoolDownMs: '4 h 00 min',
      takerFee: '0.06 % of position value',
      slippage: '0.05 % of price',
    });
  });
});
