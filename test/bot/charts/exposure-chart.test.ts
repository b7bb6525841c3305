import { describe, expect, it } from 'vitest';
import { describeExposure, exposureChart } from '../../../src/bot/charts/exposure-chart.ts';
import { exposureData } from './samples.ts';

describe('exposure chart', () => {
  it('draws longs to the right and shorts to the left, the largest first', () => {
    const chart = exposureChart(exposureData);
    expect(chart.data.labels).toEqual(['BTCUSDT', 'ETHUSDT', 'SOLUSDT']);
    expect(chart.data.datasets[0]?.['data']).toEqual([12_500.5, 0, 3_000]);
    expect(chart.data.datasets[1]?.['data']).toEqual([0, -8_200, -1_200.25]);
  });

  it('sums the smallest beyond twelve', () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({
      symbol: `C${i}`,
      long: 30 - i,
      short: 0,
    }));
    const chart = exposureChart({ ...exposureData, rows });
    expect(chart.data.labels).toHaveLength(12);
    expect(chart.data.labels.at(-1)).toBe('19 others');
    const drawn = chart.data.datasets[0]?.['data'];
    expect(Array.isArray(drawn) ? drawn.reduce((sum: number, v) => sum + Number(v), 0) : 0).toBe(
      465,
    );
  });

  it('refuses negative exposure and no rows', () => {
    const row = { symbol: 'BTCUSDT', long: -1, short: 0 };
    expect(() => exposureChart({ ...exposureData, rows: [row] })).toThrow(
      /exposure of BTCUSDT is negative/,
    );
    expect(() => exposureChart({ ...exposureData, rows: [] })).toThrow(/no open position/);
  });

  it('is told in words with gross and net', () => {
    expect(describeExposure(exposureData)).toBe(
      'Exposure by symbol: long 15,500.50 USDT, short 9,400.25 USDT, gross 24,900.75 USDT, net 6,100.25 USDT. BTCUSDT long 12,500.50; ETHUSDT short 8,200.00; SOLUSDT long 3,000.00, short 1,200.25.',
    );
  });
});
