import { describe, expect, it } from 'vitest';
import { describePnl, pnlChart } from '../../src/charts/charts/pnl-chart.ts';
import { pnlData } from './samples.ts';

describe('P&L chart', () => {
  it('sums the days in a line below the bars', () => {
    const [bars, line] = pnlChart(pnlData).data.datasets;
    expect(bars?.['data']).toEqual([null, 12.5, -30, 0, 44.25, 18, null]);
    expect(line?.['data']).toEqual([null, 12.5, -17.5, -17.5, 26.75, 44.75, null]);
  });

  it('gives losses another colour than gains', () => {
    const colors = pnlChart(pnlData).data.datasets[0]?.['backgroundColor'];
    if (!Array.isArray(colors)) throw new Error('no colours');
    expect(colors[1]).not.toBe(colors[2]);
    expect(colors[1]).toBe(colors[4]);
  });

  it('names the first day', () => {
    expect(pnlChart(pnlData).data.labels[1]).toBe('1 Sep');
  });

  it('refuses to draw nothing or a day that is not a number', () => {
    expect(() => pnlChart({ ...pnlData, days: [] })).toThrow(/no finished day yet/);
    expect(() => pnlChart({ ...pnlData, days: [{ day: 0, net: Number.NaN }] })).toThrow(
      /net result of day 1/,
    );
  });
});

describe('P&L in words', () => {
  it('names the sum, the count and the extremes', () => {
    expect(describePnl(pnlData)).toBe(
      'Daily result: +44.75 USDT net over 5 days to 5 Sep 2025, 3 up, 1 down, 1 flat. Best +44.25 on 4 Sep 2025, worst -30.00 on 2 Sep 2025.',
    );
  });

  it('works without days', () => {
    expect(describePnl({ ...pnlData, days: [] })).toBe('Daily result: no finished day yet.');
  });
});
