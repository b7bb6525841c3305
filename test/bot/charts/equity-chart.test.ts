import { describe, expect, it } from 'vitest';
import {
  describeEquity,
  equityChart,
  type EquityChartData,
} from '../../../src/bot/charts/equity-chart.ts';
import { equityCurve } from '../../../src/bot/charts/equity-curve.ts';
import { equityData } from './samples.ts';

const DAY = 86_400_000;
const START = Date.UTC(2025, 9, 1);

function dataOf(values: readonly number[], halts: EquityChartData['halts'] = []): EquityChartData {
  return {
    title: 'Equity',
    currency: 'USDT',
    points: values.map((equity, i) => ({ at: START + i * DAY, equity })),
    halts,
  };
}

function lineNamed(data: EquityChartData, label: string): unknown[] {
  const dataset = equityChart(data).data.datasets.find((d) => d['label'] === label);
  return Array.isArray(dataset?.['data']) ? dataset['data'] : [];
}

describe('equity curve', () => {
  it('measures drawdown from the highest reading so far', () => {
    const curve = equityCurve(dataOf([100, 120, 90, 110, 130]).points);
    expect(curve.drawdowns.map((d) => d.value)).toEqual([
      0,
      0,
      expect.closeTo(-25, 9),
      expect.closeTo(-8.3333, 3),
      0,
    ]);
    expect(curve.deepest).toEqual({ at: START + 2 * DAY, value: expect.closeTo(-25, 9) });
    expect(curve.change).toBeCloseTo(30, 9);
  });

  it('puts readings in order of time', () => {
    const points = dataOf([100, 120, 90]).points.toReversed();
    expect(equityCurve(points).last.value).toBe(90);
  });

  it('gives no drawdown and no change while equity was never positive', () => {
    const curve = equityCurve(dataOf([0, 0]).points);
    expect(curve.drawdowns).toEqual([]);
    expect(curve.change).toBeUndefined();
  });

  it('refuses a reading that is not a number', () => {
    expect(() => equityCurve(dataOf([100, Number.NaN]).points)).toThrow(
      /equity of reading 2 is not a number/,
    );
  });
});

describe('equity chart', () => {
  it('keeps the extremes and both ends of thousands of readings', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => 1000 + (i % 100));
    values[7_777] = 5_000;
    values[13_131] = 10;
    const line = lineNamed(dataOf(values), 'Equity').filter((v) => typeof v === 'number');
    expect(Math.max(...line)).toBe(5_000);
    expect(Math.min(...line)).toBe(10);
    expect(line[0]).toBe(1000);
    expect(line.at(-1)).toBe(1099);
    expect(line.length).toBeLessThan(500);
  });

  it('draws a single reading as one dot, not as a line', () => {
    const line = lineNamed(dataOf([100]), 'Equity').filter((v) => v !== null);
    expect(line).toEqual([100]);
  });

  it('dashes a long silence and joins ordinary distances', () => {
    const data = equityData(500);
    const silent = { ...data, points: data.points.filter((_, i) => i < 100 || i > 220) };
    expect(lineNamed(data, 'Equity (no readings)')).toEqual([]);
    const dashed = lineNamed(silent, 'Equity (no readings)').filter((v) => v !== null);
    expect(dashed.length).toBeGreaterThan(50);
  });

  it('marks halts within the period and names those outside nowhere', () => {
    const halts = [
      { at: START + DAY, label: 'Daily loss' },
      { at: START - DAY, label: 'Long ago' },
    ];
    const data = dataOf([100, 90, 95], halts);
    expect(lineNamed(data, 'Halt').filter((v) => v !== null)).toHaveLength(1);
    const text = JSON.stringify(equityChart(data));
    expect(text).toContain('Daily loss');
    expect(text).not.toContain('Long ago');
  });

  it('counts halts that stand too close to be named', () => {
    const halts = [10, 11, 12].map((hour) => ({
      at: START + hour * 3_600_000,
      label: `Stop ${hour}`,
    }));
    expect(JSON.stringify(equityChart(dataOf([100, 90, 95, 99], halts)))).toContain('"Stop 12 +2"');
  });

  it('refuses to draw nothing', () => {
    expect(() => equityChart(dataOf([]))).toThrow(/there is no equity reading yet/);
  });
});

describe('equity in words', () => {
  it('names last, first, change, range and drawdown', () => {
    expect(describeEquity(dataOf([100, 120, 90, 110]))).toBe(
      'Equity: 110.00 USDT at 4 Oct 2025 00:00 UTC, from 100.00 USDT on 1 Oct 2025 (+10.0 %); lowest 90.00, highest 120.00. Deepest drawdown 25 % on 3 Oct 2025, now 8.33 % below the peak.',
    );
  });

  it('names a small change as the picture does', () => {
    expect(describeEquity(dataOf([10_000, 10_004]))).toContain('(+0.04 %)');
  });

  it('says so when there is one reading or none', () => {
    expect(describeEquity(dataOf([100]))).toBe(
      'Equity: one reading, 100.00 USDT at 1 Oct 2025 00:00 UTC.',
    );
    expect(describeEquity(dataOf([]))).toBe('Equity: no equity reading yet.');
  });
});

describe('the line under the title', () => {
  it('is whole also where money was moved and the change is large', () => {
    const points = [
      { at: START, equity: 10_000 },
      { at: START + 20 * DAY, equity: 133_450 },
    ];
    const moved = [{ at: START + DAY, amount: 2_500 }];
    const { plugins } = equityChart({ title: 'Equity', points, currency: 'USDT', moved }).options;
    expect(JSON.stringify(plugins)).toContain('net of transfers');
    expect(JSON.stringify(plugins)).not.toContain('…');
  });
});

it('draws what hardly moved as hardly moved', () => {
  const scales = (values: number[]) => {
    const { options } = equityChart(dataOf(values));
    const { equity } = options['scales'] as { equity: { min: number; max: number } };
    return equity.max - equity.min;
  };
  // 0.02 % takes a hundredth of the height, whichever way it went.
  expect(2 / scales([10_000, 9_998])).toBeLessThanOrEqual(0.0101);
  // What moved far fills its axis as before.
  expect(scales([10_000, 8_000])).toBeCloseTo(2_400, 6);
});
