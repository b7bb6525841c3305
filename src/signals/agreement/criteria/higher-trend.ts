import { percentText, type Criterion } from '../criterion.ts';
import { isAbove } from '../snapshot.ts';

/** Confirmation: the 4 h trend points the same way. Its measure is the last closed 4 h candle against the SMA 20 of 4 h closes. */
export const higherTrend: Criterion = {
  id: 'higher-trend',
  label: '4 h trend agrees',
  thresholds: [],
  met: (view, _, side) =>
    side === 'long'
      ? isAbove(view, view.close4h, view.sma4h)
      : isAbove(view, view.sma4h, view.close4h),
  explain: (view, parameters, side) => {
    const distance = view.close4h / view.sma4h - 1;
    return {
      value: `4 h close ${percentText(Math.abs(distance), 2)} ${distance < 0 ? 'below' : 'above'} its SMA 20`,
      reason: higherTrend.met(view, parameters, side)
        ? `The larger trend points ${side === 'long' ? 'up' : 'down'} too.`
        : `A ${side} needs the 4 h close ${side === 'long' ? 'above' : 'below'} its SMA 20.`,
    };
  },
};
