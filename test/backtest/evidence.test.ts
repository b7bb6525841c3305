import { describe, expect, it } from 'vitest';
import {
  breakEvenShare,
  contradictsClaim,
  evidenceLines,
  liveRecords,
  outcomeRecord,
} from '../../src/backtest/study/evidence.ts';
import { sideText } from '../../src/backtest/study/side-record.ts';
import type { FinishedSignal } from '../../src/backtest/trade/ledger.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';
import { RECORDS } from '../../src/backtest/study/measured.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { trade } from './samples.ts';

let made = 0;

/** A followed signal that ended; each in an hour and a day of its own unless said otherwise. */
function ended(over: Partial<FinishedSignal> & { readonly r?: number; readonly at?: number } = {}) {
  made += 1;
  const { r = 1, at = made * DAY, ...rest } = over;
  const result = trade({ entryTime: at, exitTime: at + HOUR, pnl: r * 2, risk: 2 });
  const signal: FinishedSignal = {
    id: `s${made}`,
    symbol: 'SOLUSDT',
    side: 'long',
    strategy: 'agreement',
    score: 80,
    rewardRisk: 2,
    closedAt: at,
    fate: 'rejected',
    counted: true,
    repeats: 0,
    end: r > 0 ? 'target' : 'stop',
    endedAt: at + HOUR,
    result,
    ...rest,
  };
  return signal;
}

const times = (n: number, over: Parameters<typeof ended>[0]): FinishedSignal[] =>
  Array.from({ length: n }, () => ended(over));

describe('the live record', () => {
  it('counts what belongs to it by side and strategy, in targets reached and R', () => {
    const { result: _none, ...unknown } = ended({ end: 'no data' });
    const all = [
      ...times(2, { r: 2 }),
      ended({ r: -1 }),
      ended({ counted: false, r: 5 }),
      ended({ side: 'short', r: -1 }),
      ended({ strategy: 'breakdown', side: 'short', clean: true, r: 2 }),
      unknown,
    ];
    expect(liveRecords(all, agreement)).toMatchObject([
      { side: 'long', clean: false, n: 3, targets: 2, meanR: { mean: 1 } },
      { side: 'short', clean: false, n: 1, targets: 0 },
    ]);
    expect(liveRecords(all, { name: 'breakdown' })).toMatchObject([
      { side: 'short', clean: false, n: 1, targets: 1 },
      { side: 'short', clean: true, n: 1, targets: 1 },
    ]);
  });

  it('is not measured yet below 30 cases, and is from there on', () => {
    const text = (n: number): string =>
      liveRecords(times(n, {}), agreement)
        .map((each) => sideText(each, 1 / 3))
        .join();
    expect(text(29)).toBe('not measured yet (29 of 30 cases)');
    expect(text(30)).toMatch(/^100 of 100 such signals reached the target, 33 break even; \+1\.00/);
  });

  it('takes a week as one witness', () => {
    const week = Array.from({ length: 40 }, (_, hour) => ended({ at: 700 * DAY + hour * HOUR }));
    const [record] = liveRecords(week, agreement);
    expect(record?.meanR.low).toBeNaN();
    expect(record && sideText(record, 1 / 3)).toContain('(all in one week)');
  });
});

describe('a record that contradicts the claim', () => {
  it('needs one winner in three at a reward to risk of 2', () => {
    expect(breakEvenShare(2)).toBeCloseTo(1 / 3, 12);
  });

  it('is flagged once the whole interval lies below 0 in 30 cases, and not before', () => {
    const losing = (n: number): boolean =>
      liveRecords([...times(n, { r: -1 }), ...times(3, { r: 2 })], agreement).some(
        contradictsClaim,
      );
    expect(losing(26)).toBe(false);
    expect(losing(120)).toBe(true);
  });

  it('is named on the card, whose record is one line', () => {
    const live = [...times(140, { r: -1 }), ...times(2, { r: 2 })];
    const lines = evidenceLines({ strategy: 'agreement', side: 'long' }, live);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^⚠️ The record speaks against it: such signals lost \(.*live\)\.$/);
    expect(lines[1]).toMatch(
      /^\d\d of 100 such signals reached the target, 29 break even; [+-]\d\.\d\d times the risk each \([+-]\d\.\d\d to [+-]\d\.\d\d\); .*\. Live so far: 2 of 142\.$/,
    );
    const clean = evidenceLines({ strategy: 'breakdown', side: 'short', clean: true }, []);
    expect(clean.join()).toMatch(/of 100 such clean signals .* Live so far: none\./);
    expect(evidenceLines({ strategy: 'breakdown', side: 'short' }, undefined).join()).toContain(
      'Live so far: unavailable.',
    );
    expect(evidenceLines({ strategy: 'gone', side: 'long' }, [])).toEqual([
      'Nothing is measured of such signals yet. Live so far: none.',
    ]);
  });
});

it('what was rejected counts one position a symbol at a time', () => {
  const base = 900 * DAY;
  const list = [
    ended({ at: base, r: -1 }),
    ended({ at: base + HOUR, r: -1 }),
    ended({ at: base + 2 * HOUR, r: 2 }),
    ended({ at: base, r: 3, symbol: 'XRPUSDT', riskUsdt: 20 }),
    ended({ at: base + 5 * HOUR, r: -1, symbol: 'XRPUSDT', riskUsdt: 90.5 }),
    ended({ at: base, r: 9, fate: 'expired' }),
  ];
  expect(outcomeRecord(list, 'rejected')).toEqual({ n: 4, totalR: 3, sized: 2, totalUsdt: -30.5 });
});

it('the published sides add up to their whole', () => {
  for (const { measurements } of RECORDS) {
    for (const { n, sides, years, weekly } of measurements) {
      const ended = sides.reduce((sum, each) => sum + (each.clean ? 0 : each.n), 0);
      // Those that were open at the end of the data have no result.
      expect(n - ended).toBeGreaterThanOrEqual(0);
      expect(n - ended).toBeLessThan(100);
      expect(years.reduce((sum, each) => sum + each.n, 0)).toBe(ended);
      const inR = sides.reduce((sum, each) => sum + (each.clean ? 0 : each.n * each.meanR.mean), 0);
      const inWeeks = weekly.sums.reduce<number>((sum, each) => sum + (each ?? 0), 0);
      expect(Math.abs(inR - inWeeks)).toBeLessThan(0.001 * n + 0.05 * weekly.sums.length + 1);
    }
  }
});
