import { describe, expect, it } from 'vitest';
import { howLifted } from '../../src/app/halt/how-lifted.ts';
import { modeChanged } from '../../src/alerts/rules/halt.ts';
import { transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import { modeLines } from '../../src/bot/views/mode.ts';

const NOW = Date.UTC(2025, 9, 10, 12);
const NORMAL: ModeState = { mode: 'normal', reasons: [], since: NOW };
const tightened = (trigger: string, coolOffUntil?: number): ModeState =>
  transitionMode(NORMAL, {
    kind: 'tighten',
    to: 'halted',
    reason: { trigger, evidence: 'The figures.', at: NOW },
    ...(coolOffUntil === undefined ? {} : { coolOffUntil }),
  });

describe('a halt', () => {
  it.each([
    ['daily-loss', 'once a new day has begun'],
    ['drawdown', 'measure the drawdown from then on'],
    ['loss-streak', 'after the cool-off'],
    ['owner', ''],
  ])('by %s says who may lift it and when, as message and in /status', (trigger, when) => {
    const after = tightened(trigger);
    const message = modeChanged(NORMAL, after, howLifted).findings?.[0]?.lines.join('\n') ?? '';
    expect(message).toMatch(new RegExp(`To resume, send /resume.*${when}`));
    expect(modeLines(after).join('\n')).toMatch(new RegExp(`To resume, send /resume.*${when}`));
  });

  it('with a pause says how long', () => {
    const after = tightened('loss-streak', NOW + 3_600_000);
    const pause = '2025-10-10 13:00 UTC, also after /resume';
    expect(modeChanged(NORMAL, after, howLifted).findings?.[0]?.lines.join('\n')).toContain(pause);
    expect(modeLines(after).join('\n')).toContain(pause);
  });
});
