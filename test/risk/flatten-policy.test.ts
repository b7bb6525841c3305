import { describe, expect, it } from 'vitest';
import { usd } from '../../src/domain/money/money.ts';
import {
  decideFlatten,
  EVIDENCE_SOURCES,
  type ConditionEvidence,
  type ConditionSource,
  type FlattenPolicy,
} from '../../src/risk/stop/flatten-policy.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { NOW, position } from './fixtures.ts';

const SIGNED: FlattenPolicy = {
  signedBy: 7,
  signedAt: NOW - 1_000,
  triggers: ['daily-loss'],
  reach: 'all',
};
const loser = position({ id: 'l', unrealisedPnl: usd('-5') });
const winner = position({ id: 'w', unrealisedPnl: usd('5') });

const says = (source: ConditionSource, breached: boolean, at = NOW): ConditionEvidence => ({
  source,
  trigger: 'daily-loss',
  breached,
  sentence: `${source} says`,
  at,
});

const decide = (
  evidence: readonly ConditionEvidence[],
  policy: FlattenPolicy | undefined = SIGNED,
  trigger = 'daily-loss',
) =>
  decideFlatten(
    policy,
    { trigger, evidence, positions: [loser, winner], now: NOW },
    DEFAULT_LIMITS,
  );

describe('decideFlatten', () => {
  it('does nothing without a signature, whatever all sources say', () => {
    const all = EVIDENCE_SOURCES.map((source) => says(source, true));
    const decision = decideFlatten(
      undefined,
      { trigger: 'daily-loss', evidence: all, positions: [loser], now: NOW },
      DEFAULT_LIMITS,
    );
    expect(decision).toEqual({ kind: 'nothing', reason: 'not signed' });
  });

  it('does nothing for a condition that the policy does not cover', () => {
    expect(decide([says('account', true), says('fills', true)], SIGNED, 'drawdown')).toEqual({
      kind: 'nothing',
      reason: 'not covered',
    });
  });

  it.each(EVIDENCE_SOURCES)('waits while %s alone says so', (source) => {
    expect(decide([says(source, true)])).toEqual({
      kind: 'wait',
      agreeing: [source],
      missing: EVIDENCE_SOURCES.filter((each) => each !== source),
    });
  });

  it.each(EVIDENCE_SOURCES)('waits while %s alone says so against the others', (source) => {
    expect(decide(EVIDENCE_SOURCES.map((each) => says(each, each === source))).kind).toBe('wait');
  });

  it.each(EVIDENCE_SOURCES)('closes everything once two agree, even if %s denies', (source) => {
    const evidence = EVIDENCE_SOURCES.map((each) => says(each, each !== source));
    const decision = decide(evidence);
    expect(decision).toMatchObject({ kind: 'flatten', positionIds: ['l', 'w'] });
    const because = decision.kind === 'flatten' ? decision.because : [];
    expect(because.map((each) => each.source === source)).toEqual([false, false, true]);
  });

  it.each([
    ['-0.000000000000000001', ['p1']],
    ['0', []],
  ])('takes a position with an open result of %s for %j of the losing ones', (pnl, ids) => {
    const found = decideFlatten(
      { ...SIGNED, reach: 'losing' },
      {
        trigger: 'daily-loss',
        evidence: [says('account', true), says('fills', true)],
        positions: [position({ unrealisedPnl: usd(pnl) })],
        now: NOW,
      },
      DEFAULT_LIMITS,
    );
    expect(found.kind === 'flatten' ? found.positionIds : []).toEqual(ids);
  });

  it('closes only losing positions where the policy says so', () => {
    const policy: FlattenPolicy = { ...SIGNED, reach: 'losing' };
    expect(decide([says('account', true), says('fills', true)], policy)).toMatchObject({
      positionIds: ['l'],
    });
  });

  it('gives old evidence no weight, neither for nor against', () => {
    expect(decide([says('account', true), says('positions', true, NOW - 15_001)]).kind).toBe(
      'wait',
    );
    expect(decide([says('account', true), says('positions', true, NOW - 15_000)]).kind).toBe(
      'flatten',
    );
    expect(
      decide([says('account', true), says('positions', true), says('fills', false, NOW - 15_001)])
        .kind,
    ).toBe('flatten');
  });

  it('takes the latest word of each source', () => {
    expect(
      decide([says('account', true), says('positions', true), says('positions', false, NOW - 1)])
        .kind,
    ).toBe('flatten');
    expect(
      decide([says('account', true, NOW - 1), says('account', false), says('fills', false)]),
    ).toEqual({ kind: 'nothing', reason: 'not breached' });
  });
});
