import { describe, expect, it } from 'vitest';
import { describeRisk, riskChart } from '../../../src/bot/charts/risk-chart.ts';
import { themeOf } from '../../../src/bot/charts/theme.ts';
import { riskData } from './samples.ts';

const theme = themeOf('light');

function colorAt(usedPercent: number): unknown {
  const colors = riskChart({ rows: [{ label: 'Limit', usedPercent, text: '' }] }).data
    .datasets[0]?.['backgroundColor'];
  return Array.isArray(colors) ? colors[0] : undefined;
}

describe('limits chart', () => {
  it.each([
    [59.9, theme.up],
    [60, theme.caution],
    [79.9, theme.caution],
    [80, theme.warning],
    [99.9, theme.warning],
    [100, theme.breach],
    [250, theme.breach],
  ])('colours %d %% of a limit as %s', (used, color) => {
    expect(colorAt(used)).toBe(color);
  });

  it('has no bar where the use is not known', () => {
    expect(riskChart(riskData).data.datasets[0]?.['data']).toEqual([42, 67, 88, 120, null]);
    expect(JSON.stringify(riskChart(riskData))).toContain('unavailable');
  });

  it('grows with its rows so that they stay legible', () => {
    const rows = Array.from({ length: 15 }, () => ({ label: 'Limit', usedPercent: 1, text: '' }));
    const ratio = (count: number): unknown =>
      riskChart({ rows: rows.slice(0, count) }).options['aspectRatio'];
    expect(Number(ratio(15))).toBeLessThan(Number(ratio(3)));
  });

  it.each([
    ['10,000.00 USDT, floor 5,000.00 USDT', ['3 %: 10,000, floor 5,000']],
    ['1,888,888.88 USDT, floor 944,444.44 USDT', ['3 %: 1,888,888, floor', '944,444']],
    ['0.9x of 3x', ['3 %: 0.9x of 3x']],
  ])('has room for %s below the name', (text, lines) => {
    const { scales } = riskChart({ rows: [{ label: 'Limit', usedPercent: 3, text }] }).options;
    expect(scales).toMatchObject({ y: { labels: [['Limit', ...lines]] } });
  });

  it('has a line a row where there are many, and the name is cut before the figure', () => {
    const label = 'a limit with a name that is long';
    const many = (name: string): string[][] => {
      const row = { label: name, usedPercent: 100, text: '1 of 33' };
      const { scales } = riskChart({ rows: Array.from({ length: 9 }, () => row) }).options;
      return (scales as { y: { labels: string[][] } }).y.labels;
    };
    expect(many(label)[0]).toEqual(['100 % a limit with a name t…']);
    // The longest name that there is.
    expect(many('loss if all stops fill')[0]).toEqual(['100 % loss if all stops fill']);
  });

  it('refuses no rows and more rows than fit', () => {
    const row = { label: 'Limit', usedPercent: 1, text: '' };
    expect(() => riskChart({ rows: [] })).toThrow(/no limit to show/);
    expect(() => riskChart({ rows: Array.from({ length: 21 }, () => row) })).toThrow(
      /21 rows, at most 20/,
    );
  });
});

describe('limits in words', () => {
  it('begins with what is unknown or most used', () => {
    expect(describeRisk(riskData)).toBe(
      'Limits in use: 1 of 5 limits reached, 1 unavailable. Funding cost unavailable (no reading for 4 min); Drawdown from the peak 134 % (13.4 of 10 %); Margin in use 88 % (26.4 of 30 %); Portfolio heat 67 % (2.0 of 3.0 %); Daily loss 42 % (126 of 300 USDT).',
    );
  });

  it('does not call 99.6 % a limit reached', () => {
    const text = describeRisk({
      rows: [{ label: 'Daily loss', usedPercent: 99.6, text: '298.8 of 300' }],
    });
    expect(text).toBe('Limits in use: no limit reached. Daily loss 99.6 % (298.8 of 300).');
  });
});
