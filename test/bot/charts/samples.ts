import type { CandleChartData } from '../../../src/bot/charts/candle-chart.ts';
import type { ChartCandle } from '../../../src/bot/charts/candle-datasets.ts';
import type { EquityChartData } from '../../../src/bot/charts/equity-chart.ts';
import type { StressChartData } from '../../../src/bot/charts/stress-chart.ts';
import type { ExposureChartData } from '../../../src/bot/charts/exposure-chart.ts';
import type { RiskChartData } from '../../../src/bot/charts/risk-chart.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2025, 8, 1);

/** Repeatable numbers from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

export function equityPoints(count: number, start = 10_000): EquityChartData['points'] {
  const next = sequence(count);
  let equity = start;
  return Array.from({ length: count }, (_, i) => {
    equity *= 1 + (next() - 0.485) * 0.02;
    return { at: START + i * HOUR, equity };
  });
}

export function candles(count: number, price: number): ChartCandle[] {
  const next = sequence(count);
  let close = price;
  return Array.from({ length: count }, (_, i) => {
    const open = close;
    close = open * (1 + (next() - 0.5) * 0.01);
    const high = Math.max(open, close) * (1 + next() * 0.004);
    const low = Math.min(open, close) * (1 - next() * 0.004);
    return { openTime: START + i * HOUR, open, high, low, close };
  });
}

export function equityData(count: number): EquityChartData {
  return { points: equityPoints(count), title: 'Equity, paper account', currency: 'USDT' };
}

export function candleData(count: number, price: number): CandleChartData {
  return {
    symbol: 'BTCUSDT',
    interval: '1h',
    title: 'BTCUSDT long',
    side: 'long',
    candles: candles(count, price),
    entry: price,
    stop: price * 0.98,
    target: price * 1.03,
    mark: price * 1.001,
  };
}

export const riskData: RiskChartData = {
  rows: [
    { label: 'Daily loss', usedPercent: 42, text: '126 of 300 USDT' },
    { label: 'Portfolio heat', usedPercent: 67, text: '2.0 of 3.0 %' },
    { label: 'Margin in use', usedPercent: 88, text: '26.4 of 30 %' },
    { label: 'Drawdown from the peak', usedPercent: 134, text: '13.4 of 10 %' },
    { label: 'Funding cost', usedPercent: undefined, text: 'no reading for 4 min' },
  ],
};

export const exposureData: ExposureChartData = {
  currency: 'USDT',
  rows: [
    { symbol: 'BTCUSDT', long: 12_500.5, short: 0 },
    { symbol: 'ETHUSDT', long: 0, short: 8_200 },
    { symbol: 'SOLUSDT', long: 3_000, short: 1_200.25 },
  ],
};

export const stressData: StressChartData = {
  currency: 'USDT',
  rows: [
    { label: 'Bitcoin -5 %', change: -212.4, share: -0.0212 },
    { label: 'Bitcoin -10 %', change: -431.07, share: -0.0431 },
    { label: 'Bitcoin -20 %', change: 95.5, share: 0.0096 },
    { label: 'Stops 2 % too late', change: -612, share: undefined },
  ],
};
