import { describe, expect, it } from 'vitest';
import {
  candleChart,
  describeCandles,
  type CandleChartData,
} from '../../../src/bot/charts/candle-chart.ts';
import type { JsonObject } from '../../../src/app/ports/chart-renderer.ts';
import { candleData } from './samples.ts';

function scale(data: CandleChartData, name: string): JsonObject {
  const scales = candleChart(data).options['scales'];
  const found =
    scales !== null && typeof scales === 'object' && name in scales
      ? Object.entries(scales).find(([key]) => key === name)?.[1]
      : undefined;
  if (found === null || typeof found !== 'object' || Array.isArray(found))
    throw new Error(`no scale ${name}`);
  return found as JsonObject;
}

function tags(data: CandleChartData): string[] {
  const labels = scale(data, 'priceLabels')['labels'];
  return Array.isArray(labels)
    ? labels.filter((l): l is string => typeof l === 'string' && /[A-Z]/.test(l))
    : [];
}

function names(data: CandleChartData): unknown[] {
  return candleChart(data).data.datasets.map((dataset) => dataset['label']);
}

describe('candle chart', () => {
  it('names each line with its price, from the highest down', () => {
    expect(tags(candleData(100, 50_000))).toEqual([
      'Target 51,500',
      'Now 50,050',
      'Entry 50,000',
      'Stop 49,000',
    ]);
  });

  it('shows tiny prices in full', () => {
    const data = {
      ...candleData(80, 0.00000123),
      stop: 0.00000119,
      target: 0.00000131,
      mark: 0.00000124,
    };
    expect(tags(data)).toContain('Entry 0.00000123');
    expect(tags(data)).toContain('Stop 0.00000119');
  });

  it('draws bodies and wicks of every candle as floating bars', () => {
    const data = candleData(3, 100);
    const chart = candleChart(data);
    const wick = chart.data.datasets.find((dataset) => dataset['label'] === 'Wick');
    expect(wick?.['data']).toEqual([null, ...data.candles.map((c) => [c.low, c.high]), null]);
  });

  it('names a far target at the edge instead of squeezing the candles', () => {
    const data = { ...candleData(100, 50_000), target: 90_000 };
    expect(tags(data)[0]).toBe('↑ Target 90,000');
    expect(names(data)).not.toContain('Target');
    expect(scale(data, 'price')['max']).toBeLessThan(60_000);
  });

  it('keeps every tag when all prices are the same', () => {
    const data = {
      ...candleData(100, 50_000),
      entry: 50_000,
      stop: 50_000,
      target: 50_000,
      mark: 50_000,
    };
    expect(tags(data)).toHaveLength(4);
  });

  it('draws bands when they are given, aligned with the newest candles', () => {
    const data = candleData(300, 50_000);
    const band = data.candles.map((candle) => candle.close);
    const chart = candleChart({ ...data, bands: { upper: band, middle: band, lower: band } });
    const upper = chart.data.datasets.find((dataset) => dataset['label'] === 'Upper band');
    const values = Array.isArray(upper?.['data']) ? upper['data'].filter((v) => v !== null) : [];
    expect(values).toHaveLength(240);
    expect(values.at(-1)).toBeCloseTo(band.at(-1) ?? 0, 1);
  });

  it('refuses to draw no candles, or a price that is not a number', () => {
    expect(() => candleChart(candleData(0, 100))).toThrow(/no 1h candles of BTCUSDT yet/);
    expect(() => candleChart({ ...candleData(5, 100), stop: Number.NaN })).toThrow(
      /stop price is not a number/,
    );
  });
});

describe('candles in words', () => {
  it('gives the plan with distances from the entry', () => {
    const text = describeCandles(candleData(10, 100));
    expect(text).toContain('over 10 candles from 1 Sep 2025 00:00 UTC');
    expect(text).toContain(
      'Long: entry 100.0, stop 98.0 (-2.00 %), target 103.0 (+3.00 %), now 100.1 (+0.10 %).',
    );
  });

  it('gives the plan without candles too', () => {
    expect(describeCandles(candleData(0, 100))).toMatch(
      /^BTCUSDT long: no candles of BTCUSDT 1h yet\. Long: entry/,
    );
  });
});
