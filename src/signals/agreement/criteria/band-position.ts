import { percentText, type Criterion } from '../criterion.ts';
import { bandPosition } from '../snapshot.ts';

/** Confirmation: price stands in the trade's part of the Bollinger Bands. */
export const bandPositionAgrees: Criterion = {
  id: 'band-position',
  label: 'Place in the band agrees',
  thresholds: ['bandShare'],
  met: (view, { bandShare }, side) => {
    const position = bandPosition(view);
    return side === 'long' ? position >= 1 - bandShare : position <= bandShare;
  },
  explain: (view, parameters, side) => {
    const position = bandPosition(view);
    const part = `${side === 'long' ? 'upper' : 'lower'} ${percentText(parameters.bandShare, 0)}`;
    return {
      value: Number.isFinite(position)
        ? `at ${percentText(position, 0)} of the band`
        : 'not available',
      reason: bandPositionAgrees.met(view, parameters, side)
        ? `Price is in the ${part} of the band.`
        : `A ${side} needs price in the ${part} of the band.`,
    };
  },
};
