import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import type { Picture, Pictures } from '../app/ports/pictures.ts';
import { toNumber } from '../domain/money/money.ts';
import type { ChartConfig } from './chart-config.ts';
import { candleChart, describeCandles } from './charts/candle-chart.ts';
import { describeEquity, equityChart } from './charts/equity-chart.ts';
import { describeExposure, exposureChart } from './charts/exposure-chart.ts';
import { describeReliability, reliabilityChart } from './charts/reliability-chart.ts';
import { describeRisk, riskChart } from './charts/risk-chart.ts';
import { describeStress, stressChart } from './charts/stress-chart.ts';

const currency = 'USDT';

/**
 * The chat's pictures from what the application knows, all through one renderer: money becomes plain numbers here and nowhere else.
 * Data that cannot be drawn, or a renderer that fails, rejects with a clear message.
 */
export function createPictures(renderer: ChartRenderer): Pictures {
  const draw = async <Data>(
    data: Data,
    chart: (data: Data) => ChartConfig,
    describe: (data: Data) => string,
  ): Promise<Picture> => ({ caption: describe(data), png: await renderer.render(chart(data)) });
  return {
    equity: ({ points, moved }) =>
      draw({ points, moved, title: 'Equity', currency }, equityChart, describeEquity),
    backtest: (points, about) => draw({ ...about, points, currency }, equityChart, describeEquity),
    proposal: ({ signal, plan }, candles) => {
      const { symbol, side } = signal;
      const levels = {
        entry: toNumber(plan.entry),
        stop: toNumber(signal.stop),
        target: toNumber(signal.target),
      };
      const data = { symbol, side, interval: '1h', candles, ...levels, title: `${symbol} ${side}` };
      return draw(data, candleChart, describeCandles);
    },
    exposure: (held) => {
      const rows = held.map(({ symbol, long, short }) => ({
        symbol,
        long: toNumber(long),
        short: toNumber(short),
      }));
      return draw({ rows, currency }, exposureChart, describeExposure);
    },
    stress: (results) => {
      const rows = results.map(({ label, change, fraction }) => ({
        label,
        change: toNumber(change),
        share: fraction === undefined ? undefined : toNumber(fraction),
      }));
      return draw({ rows, currency }, stressChart, describeStress);
    },
    reliability: (rows, breakEven) =>
      draw({ rows, breakEven }, reliabilityChart, describeReliability),
    limits: (rows) => draw({ rows, title: 'Use of the limits' }, riskChart, describeRisk),
  };
}
