import { SCANNED } from '../../src/signals/strategies/list.ts';
import { describe, expect, it } from 'vitest';
import { readEvidence, signalEvidence } from '../../src/app/views/read-evidence.ts';
import type { FinishedSignal } from '../../src/backtest/trade/ledger.ts';
import { trade } from '../backtest/samples.ts';

const DAY = 86_400_000;

const ended = (day: number, over: Partial<FinishedSignal>, r = -1): FinishedSignal => ({
  id: `s${day}`,
  symbol: 'SOLUSDT',
  side: 'long',
  strategy: 'agreement',
  score: 80,
  rewardRisk: 2.2,
  closedAt: day * DAY,
  fate: 'rejected',
  counted: true,
  repeats: 0,
  end: 'stop',
  endedAt: day * DAY,
  result: trade({ entryTime: day * DAY, exitTime: day * DAY, pnl: r * 2, risk: 2 }),
  ...over,
});

const PLACED = {
  places: { read: async () => new Map(), save: async () => undefined },
  venueMode: 'demo',
} as const;

const ledgerOf = (finished: readonly FinishedSignal[]) => ({
  ...PLACED,
  ledger: { open: async () => [], finished: async () => finished, save: async () => undefined },
});

const broken = {
  ...PLACED,
  ledger: {
    open: () => Promise.reject(new Error('the store is gone')),
    finished: () => Promise.reject(new Error('the store is gone')),
    save: async () => undefined,
  },
};

describe('the evidence', () => {
  it('says that no edge was found and counts what was vetoed', async () => {
    const list = Array.from({ length: 31 }, (_, day) => ended(day + 1, {}));
    const found = await readEvidence(
      ledgerOf([...list, ended(50, { fate: 'expired', riskUsdt: 15 }, 2)]),
    );
    expect(found.strategies.map(({ strategy }) => strategy)).toEqual(
      SCANNED.map(({ name }) => name),
    );
    expect(found.strategies[0]?.finding).toContain('No edge was found');
    expect(found.counts).toEqual({ open: 0, ended: 32 });
    expect(found.vetoes.slice(0, 2)).toEqual([
      { fate: 'you rejected', n: 31, totalR: -31, sized: 0, totalUsdt: 0 },
      { fate: 'you did not answer in time', n: 1, totalR: 2, sized: 1, totalUsdt: 30 },
    ]);
    expect(found.rows.filter(({ source }) => source === 'live')).toMatchObject([
      { name: 'agreement long', n: 32 },
    ]);
    expect(found.pushed).toBe('breakdown');
    const weeks = found.weekly.find(({ source }) => source === 'live');
    expect(weeks?.sums.reduce<number>((sum, each) => sum + (each ?? 0), 0)).toBeCloseTo(-29, 9);
  });

  it('keeps what is published when the ledger cannot be read, and says so', async () => {
    const found = await readEvidence(broken);
    expect(found.strategies[0]?.live).toBe('the store is gone');
    expect(found.counts).toBeUndefined();
    expect(found.strategies[0]?.measured.map(({ sides }) => sides.length)).toEqual([2, 2]);
  });

  it('stands on a card before anything that might be cut off', async () => {
    const signal = { strategy: 'agreement', side: 'long' } as const;
    const { line, lines } = await signalEvidence(ledgerOf([]), signal);
    const [first = '', ...rest] = lines;
    expect(first).toMatch(/^No edge was found: /);
    expect(rest.at(-1)).toMatch(/Live so far: none\.$/);
    expect((await signalEvidence(broken, signal)).lines.at(-1)).toContain(
      'Live so far: unavailable.',
    );
    expect(line).toMatch(/^agreement: \d+ of 100 won, \d+ break even; no edge proven$/);
    expect([first, ...rest].join('\n').length).toBeLessThan(600);
  });
});
