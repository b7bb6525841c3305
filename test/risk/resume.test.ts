import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { afterResume, standingAgainst } from '../../src/risk/stop/resume.ts';
import type { StopCondition } from '../../src/risk/stop/stop-conditions.ts';
import { NOW, riskState } from './fixtures.ts';

const reading = (id: string, tripped = true): StopCondition => ({
  id,
  label: id,
  usedPercent: tripped ? 100 : 99,
  tripped,
  to: 'halted',
  sentence: id,
});
const standing = (readings: readonly StopCondition[], coolOffUntil?: number) => {
  const state = riskState(coolOffUntil === undefined ? {} : { coolOffUntil });
  const { conditions, ...rest } = standingAgainst(readings, state, NOW);
  return { conditions: conditions.map((each) => each.id), ...rest };
};

describe('what stands against resuming', () => {
  it('is each broken limit, and none that holds', () => {
    const readings = [reading('daily-loss'), reading('drawdown', false), reading('volatility')];
    expect(standing(readings)).toEqual({
      conditions: ['daily-loss', 'volatility'],
      needsRebase: false,
    });
    expect(standing([reading('daily-loss', false)])).toEqual({
      conditions: [],
      needsRebase: false,
    });
  });

  it('is a loss streak until the very end of its pause, and then no more', () => {
    const streak = [reading('loss-streak')];
    expect(standing(streak, NOW + 1)).toEqual({
      conditions: ['loss-streak'],
      coolOffUntil: NOW + 1,
      needsRebase: false,
    });
    expect(standing(streak, NOW)).toEqual({ conditions: [], needsRebase: false });
  });

  it('goes by a new high-water mark where the drawdown alone is broken', () => {
    expect(standing([reading('drawdown')]).needsRebase).toBe(true);
    expect(standing([reading('drawdown'), reading('daily-loss')]).needsRebase).toBe(false);
    expect(standing([]).needsRebase).toBe(false);
  });

  it('leaves a streak under its limit as it is, and begins anew at the limit', () => {
    const { lossStreak } = DEFAULT_LIMITS;
    const after = (streak: number) =>
      afterResume(riskState({ lossStreak: streak }), DEFAULT_LIMITS).lossStreak;
    expect([after(lossStreak - 1), after(lossStreak)]).toEqual([lossStreak - 1, 0]);
  });
});
