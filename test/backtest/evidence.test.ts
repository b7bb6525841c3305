import { describe, expect, it } from 'vitest';
import {
  breakEvenShare,
  contradictsClaim,
  evidenceLines,
  outcomeRecord,
  liveRecords,
  measuredRecords,
  recordText,
} from '../../src/backtest/study/evidence.ts';
import type { FinishedSignal } from '../../src/backtest/trade/ledger.ts';
import { bandReversion } from '../../src/signals/strategies/band-reversion.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';
import { recordOf } from '../../src/backtest/study/measured.ts';
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
  it('counts what belongs to it by band, with R and a Wilson interval', () => {
    const { result: _none, ...unknown } = ended({ end: 'no data' });
    const all = [
      ...times(2, { r: 2 }),
      ended({ r: -1 }),
      ended({ counted: false, r: 5 }),
      ended({ score: 95, r: -1 }),
      unknown,
    ];
    const [, band, , , best] = liveRecords(all, agreement);
    expect(band).toMatchObject({
      band: '80-84',
      hits: { hits: 2, n: 3 },
      meanR: { n: 3, mean: 1 },
    });
    expect(band?.hits.low).toBeCloseTo(0.2077, 4);
    expect(best).toMatchObject({ band: '95-100', hits: { hits: 0, n: 1 } });
  });

  it('is kept apart for each strategy, in one piece where a strategy counts no score', () => {
    const other = { strategy: 'band-reversion' };
    const { score: _none, ...plain } = ended({ ...other, r: 2 });
    const all = [...times(2, { r: -1 }), plain, ended({ ...other, r: -1, counted: false })];
    expect(liveRecords(all, bandReversion)).toMatchObject([
      { band: 'all', hits: { hits: 1, n: 1 } },
    ]);
    expect(liveRecords(all, agreement).map(({ hits }) => hits.n)).toEqual([0, 2, 0, 0, 0]);
    const lines = evidenceLines({ ...other, rewardRisk: 2 }, all);
    expect(lines).toEqual([
      'Earlier signals of band-reversion:',
      '• live: not measured yet (1 of 30 cases)',
    ]);
  });

  it('is not measured yet below 30 cases, and is from there on', () => {
    const text = (n: number): string => {
      const record = liveRecords(times(n, {}), agreement)[1];
      return record === undefined ? '' : recordText(record);
    };
    expect(text(29)).toBe('not measured yet (29 of 30 cases)');
    expect(text(30)).toBe('100.0 % (88.6 to 100.0 %) of 30 earned money, +1.000 R each');
  });
});

describe('a band that contradicts its claim', () => {
  it('needs one winner in three at a reward to risk of 2', () => {
    expect(breakEvenShare(2)).toBeCloseTo(1 / 3, 12);
  });

  it('is flagged once the whole interval lies below, and not before', () => {
    const losing = (n: number): boolean => {
      const [, record] = liveRecords([...times(n, { r: -1 }), ...times(3, { r: 2 })], agreement);
      return record !== undefined && contradictsClaim(record, 2);
    };
    expect(losing(26)).toBe(false);
    expect(losing(27)).toBe(true);
    const even = liveRecords([...times(20, { r: -1 }), ...times(10, { r: 2 })], agreement)[1];
    expect(even !== undefined && contradictsClaim(even, 2)).toBe(false);
  });

  it('is named on the card', () => {
    const live = [...times(40, { r: -1 }), ...times(2, { r: 2 })];
    const lines = evidenceLines({ strategy: 'agreement', score: 82, rewardRisk: 2 }, live);
    const published = recordOf('agreement').measurements.map((each) => {
      const record = measuredRecords(each).find(({ band }) => band === '80-84');
      return `• ${each.data}: ${record === undefined ? '' : recordText(record)}`;
    });
    expect(lines.slice(1)).toEqual([
      'Earlier signals of agreement, score 80-84:',
      ...published,
      '• live: 4.8 % (1.3 to 15.8 %) of 42 earned money, -0.857 R each',
    ]);
    expect(lines[0]).toMatch(
      /^⚠️ The record speaks against it \(.*live\): it needs 33\.3 % winners/,
    );
    expect(evidenceLines({ strategy: 'agreement', score: 92, rewardRisk: 2 }, undefined)).toEqual([
      'Earlier signals of agreement, score 90-94:',
      '• spot 2021-2023: not measured yet (0 of 30 cases)',
      '• perpetuals 2025-10: not measured yet (0 of 30 cases)',
      '• live: unavailable',
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

it('the published bands add up to their whole', () => {
  for (const each of recordOf('agreement').measurements) {
    const records = measuredRecords(each);
    expect(records.reduce((sum, { hits }) => sum + hits.n, 0)).toBe(each.n);
    const total = records.reduce((sum, { meanR }) => sum + meanR.n * meanR.mean, 0);
    expect(total / each.n).toBeCloseTo(each.meanR.mean, 2);
    // The words of the finding rest on this.
    expect(each.meanR.low).toBeLessThan(0);
    expect(each.meanR.mean).toBeLessThan(0);
  }
});
