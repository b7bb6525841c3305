import { percentText, type Criterion } from '../criterion.ts';
import { bandPosition } from '../snapshot.ts';

/** Filter: price is not pressed against a Bollinger Band, where a move is often already spent. */
export const awayFromBands: Criterion = {
  id: 'away-from-bands',
  label: 'Price is away from the bands',
  thresholds: ['bandMargin'],
  met: (view, { bandMargin }) => {
    const position = bandPosition(view);
    return position >= bandMargin && position <= 1 - bandMargin;
  },
  explain: (view, parameters, side) => {
    const position = bandPosition(view);
    return {
      value: Number.isFinite(position)
        ? `at ${percentText(position, 0)} of the band`
        : 'not available',
      reason: awayFromBands.met(view, parameters, side)
        ? 'Price has room on both sides within the band.'
        : `Too near a band: price must lie between ${percentText(parameters.bandMargin, 0)} and ${percentText(1 - parameters.bandMargin, 0)} of its width.`,
    };
  },
};
