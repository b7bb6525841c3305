import { percentText, type Criterion } from '../criterion.ts';
import { isAbove } from '../snapshot.ts';

/** Confirmation: price, SMA 20 and SMA 50 stand in the order of a trend. */
export const averagesInOrder: Criterion = {
  id: 'averages-in-order',
  label: 'Averages are in order',
  thresholds: [],
  met: (view, _, side) =>
    side === 'long'
      ? isAbove(view, view.close, view.sma20) && isAbove(view, view.sma20, view.sma50)
      : isAbove(view, view.sma20, view.close) && isAbove(view, view.sma50, view.sma20),
  explain: (view, parameters, side) => {
    const sign = side === 'long' ? '>' : '<';
    return {
      value: `price ${signed(view.close / view.sma20 - 1)} to SMA 20, SMA 20 ${signed(view.sma20 / view.sma50 - 1)} to SMA 50`,
      reason: averagesInOrder.met(view, parameters, side)
        ? `Price ${sign} SMA 20 ${sign} SMA 50: the trend points ${side === 'long' ? 'up' : 'down'}.`
        : `A ${side} needs price ${sign} SMA 20 ${sign} SMA 50.`,
    };
  },
};

const signed = (fraction: number): string =>
  `${fraction > 0 ? '+' : ''}${percentText(fraction, 2)}`;
