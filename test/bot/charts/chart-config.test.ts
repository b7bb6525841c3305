import { describe, expect, it } from 'vitest';
import { candleChart, describeCandles } from '../../../src/bot/charts/candle-chart.ts';
import type { ChartConfig } from '../../../src/app/ports/chart-renderer.ts';
import { describeEquity, equityChart } from '../../../src/bot/charts/equity-chart.ts';
import { barsChart, describeBars } from '../../../src/bot/charts/bars-chart.ts';
import { describeExposure, exposureChart } from '../../../src/bot/charts/exposure-chart.ts';
import { describeRisk, riskChart } from '../../../src/bot/charts/risk-chart.ts';
import { describeStress, stressChart } from '../../../src/bot/charts/stress-chart.ts';
import { describeWeeks, weeksChart } from '../../../src/bot/charts/weeks-chart.ts';
import type { ThemeName } from '../../../src/bot/charts/theme.ts';
import { candleData, equityData, exposureData, riskData, stressData } from './samples.ts';

interface Sample {
  readonly name: string;
  readonly config: (theme: ThemeName) => ChartConfig;
  readonly text: string;
}

const equity = (count: number): Sample => ({
  name: `equity of ${count}`,
  config: (theme) => equityChart(equityData(count), theme),
  text: describeEquity(equityData(count)),
});

const candlesAt = (count: number, price: number): Sample => ({
  name: `${count} candles at ${price}`,
  config: (theme) => candleChart(candleData(count, price), theme),
  text: describeCandles(candleData(count, price)),
});

const WEEKS = [{ strategy: 'breakdown', source: 'spot', signals: 3, from: 0, sums: [1, null, 3] }];

const samples: Sample[] = [
  ...[1, 2, 720, 20_000].map(equity),
  candlesAt(1, 120_000),
  candlesAt(2, 120_000),
  candlesAt(240, 120_000),
  candlesAt(240, 0.00000123),
  { name: 'limits', config: (theme) => riskChart(riskData, theme), text: describeRisk(riskData) },
  {
    name: 'exposure',
    config: (theme) => exposureChart(exposureData, theme),
    text: describeExposure(exposureData),
  },
  ...([1, 7, 30, 'weeks'] as const).map((how): Sample => {
    const [step, count] = how === 'weeks' ? (['week', 8] as const) : (['day', how] as const);
    const bars = Array.from({ length: count }, (_, day) => ({
      date: `2025-11-${String(day + 1).padStart(2, '0')}`,
      net: (day % 3 === 0 ? -120.6 : 77.25) * (day + 1),
      closed: day % 5,
      parts: day % 2,
    }));
    const data = { step, bars, currency: 'USDT' };
    return {
      name: `results of ${count} ${step}s`,
      config: (theme) => barsChart(data, theme),
      text: describeBars(data),
    };
  }),
  {
    name: 'weeks',
    config: (theme) => weeksChart('breakdown', WEEKS, theme),
    text: describeWeeks('breakdown', WEEKS),
  },
  {
    name: 'stress',
    config: (theme) => stressChart(stressData, theme),
    text: describeStress(stressData),
  },
];

describe.each(samples)('chart: $name', ({ config, text }) => {
  it('is JSON: it reads back as it was written', () => {
    expect(JSON.parse(JSON.stringify(config('light')))).toStrictEqual(config('light'));
  });

  it('fits the body that a QuickChart server accepts', () => {
    expect(JSON.stringify(config('dark')).length).toBeLessThan(60_000);
  });

  it('differs between the themes in colour only', () => {
    const bare = (theme: ThemeName): string =>
      JSON.stringify(config(theme)).replaceAll(/"#[0-9a-f]{4,8}"/g, '"colour"');
    expect(bare('dark')).toBe(bare('light'));
    expect(config('dark').options.backgroundColor).not.toBe(
      config('light').options.backgroundColor,
    );
  });

  it('has one value a slot in every dataset', () => {
    const { labels, datasets } = config('light').data;
    for (const dataset of datasets) expect(dataset['data']).toHaveLength(labels.length);
  });

  it('uses fonts of 11 pixels and more on a phone, which shows 600 as 302', () => {
    const sizes = [...JSON.stringify(config('light')).matchAll(/"size":(\d+)/g)].map((m) =>
      Number(m[1]),
    );
    expect((Math.min(...sizes) * 302) / 600).toBeGreaterThanOrEqual(11);
    const scales = Object.values(config('light').options['scales'] as Record<string, object>);
    const drawn = scales.filter((each) => !('display' in each) || each.display !== false);
    for (const scale of drawn) expect(scale).toMatchObject({ ticks: { font: { size: 22 } } });
  });

  it('has a text twin that fits a caption', () => {
    expect(text.length).toBeGreaterThan(20);
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
