import { describe, expect, it } from 'vitest';
import {
  riskStateRebuilt,
  type RebuiltRiskState,
} from '../../src/alerts/rules/risk-state-rebuilt.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const NOTHING: RebuiltRiskState = {
  lost: true,
  open: [],
  dayResult: ZERO_USD,
  dayStartEquity: usd('10000'),
  tradesToday: 0,
  lossStreak: 0,
  coolOffUntil: undefined,
  pausedSymbols: [],
  peakEquity: usd('10000'),
  since: NOW,
  closed: 0,
  fills: 0,
  held: [],
  unproven: [],
  unsplit: [],
  unpriced: [],
};

describe('a memory that was lost', () => {
  it('is told with all that is open: what was opened meanwhile is known from there alone', () => {
    const open = [
      { symbol: 'ETHUSDT', side: 'long', openedAt: NOW - 20_000 },
      { symbol: 'BTCUSDT', side: 'short', openedAt: NOW - 3_600_000 },
    ] as const;
    const [one] = open;
    const first = (over: Partial<RebuiltRiskState>): string | undefined =>
      riskStateRebuilt({ ...NOTHING, ...over }, NOW)?.lines[0];
    expect(first({ open })).toBe(
      'Open now: ETHUSDT long opened 2026-01-05 11:59 UTC, BTCUSDT short opened 2026-01-05 11:00 UTC. Look whether you know them.',
    );
    expect(first({ open: [one] })).toBe(
      'Open now: ETHUSDT long opened 2026-01-05 11:59 UTC. Look whether you know it.',
    );
    expect(first({})).toBe('No position is open.');
  });

  it('says nothing of what is open at a first start: the watch over positions does', () => {
    const started = riskStateRebuilt({ ...NOTHING, lost: false, closed: 1 }, NOW);
    expect(started?.lines.join(' ')).not.toContain('open.');
  });
});
