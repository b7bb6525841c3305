import { percentText, type Criterion } from '../criterion.ts';
import type { Snapshot } from '../snapshot.ts';

const distanceOf = (view: Snapshot): number => Math.abs(view.close - view.sma20) / view.close;
const spreadOf = (view: Snapshot): number => Math.abs(view.sma20 - view.sma50) / view.sma20;

/** Filter: the market goes somewhere, by its distance from the averages or by its ADX. */
export const trendClear: Criterion = {
  id: 'trend-clear',
  label: 'Trend is clear',
  thresholds: ['minTrendDistance', 'minTrendSpread', 'minAdx'],
  met: (view, { minTrendDistance, minTrendSpread, minAdx }) =>
    (distanceOf(view) > minTrendDistance && spreadOf(view) > minTrendSpread) || view.adx >= minAdx,
  explain: (view, parameters, side) => ({
    value: `price ${percentText(distanceOf(view))} from SMA 20, SMA 20 ${percentText(spreadOf(view))} from SMA 50, ADX ${view.adx.toFixed(1)}`,
    reason: trendClear.met(view, parameters, side)
      ? 'The market has a direction.'
      : `No clear direction: that takes ADX ${parameters.minAdx} or more, or more than ${percentText(parameters.minTrendDistance)} and ${percentText(parameters.minTrendSpread)} from the averages.`,
  }),
};
