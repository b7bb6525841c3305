import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import { candleChart, describeCandles, type CandleChartData } from './charts/candle-chart.ts';
import type { ChartConfig } from './chart-config.ts';
import { describeEquity, equityChart, type EquityChartData } from './charts/equity-chart.ts';
import {
  describeExposure,
  exposureChart,
  type ExposureChartData,
} from './charts/exposure-chart.ts';
import { describePnl, pnlChart, type PnlChartData } from './charts/pnl-chart.ts';
import { describeRisk, riskChart, type RiskChartData } from './charts/risk-chart.ts';
import { describeStress, stressChart, type StressChartData } from './charts/stress-chart.ts';
import type { ThemeName } from './theme.ts';

/** A drawn chart with its text twin, or the text twin alone and why there is no picture. */
export type Picture =
  | { readonly text: string; readonly png: Uint8Array }
  | { readonly text: string; readonly problem: string };

/** Data in, picture out; a picture that fails never costs the text. */
export interface Pictures {
  equity(data: EquityChartData): Promise<Picture>;
  candles(data: CandleChartData): Promise<Picture>;
  pnl(data: PnlChartData): Promise<Picture>;
  risk(data: RiskChartData): Promise<Picture>;
  exposure(data: ExposureChartData): Promise<Picture>;
  stress(data: StressChartData): Promise<Picture>;
}

/** All charts through one renderer in one theme. Its promises do not reject: data that cannot be drawn or told give a problem. */
export function createPictures(renderer: ChartRenderer, theme: ThemeName = 'light'): Pictures {
  const draw = async (describe: () => string, config: () => ChartConfig): Promise<Picture> => {
    let text = '';
    try {
      text = describe();
      return { text, png: await renderer.render(config()) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { text: text === '' ? problem : text, problem };
    }
  };
  return {
    equity: async (data) =>
      draw(
        () => describeEquity(data),
        () => equityChart(data, theme),
      ),
    candles: async (data) =>
      draw(
        () => describeCandles(data),
        () => candleChart(data, theme),
      ),
    pnl: async (data) =>
      draw(
        () => describePnl(data),
        () => pnlChart(data, theme),
      ),
    risk: async (data) =>
      draw(
        () => describeRisk(data),
        () => riskChart(data, theme),
      ),
    exposure: async (data) =>
      draw(
        () => describeExposure(data),
        () => exposureChart(data, theme),
      ),
    stress: async (data) =>
      draw(
        () => describeStress(data),
        () => stressChart(data, theme),
      ),
  };
}
