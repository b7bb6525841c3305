import { percentText, type Criterion } from '../criterion.ts';
import { isAbove } from '../snapshot.ts';

/** Confirmation: MACD stands on the trade's side of its signal line. */
export const macdAgrees: Criterion = {
  id: 'macd-agrees',
  label: 'MACD agrees',
  thresholds: [],
  met: (view, _, side) =>
    side === 'long'
      ? isAbove(view, view.macd, view.macdSignal)
      : isAbove(view, view.macdSignal, view.macd),
  explain: (view, parameters, side) => ({
    value: `MACD ${percentText(Math.abs(view.macd - view.macdSignal) / view.close, 3)} of price ${view.macd < view.macdSignal ? 'below' : 'above'} its signal`,
    reason: macdAgrees.met(view, parameters, side)
      ? `The move gains speed in the direction of a ${side}.`
      : `A ${side} needs MACD ${side === 'long' ? 'above' : 'below'} its signal line.`,
  }),
};
