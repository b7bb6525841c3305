import type { Criterion } from '../criterion.ts';

/** Filter: enough trading goes on for the price to mean something. */
export const volumePresent: Criterion = {
  id: 'volume-present',
  label: 'Volume is there',
  thresholds: ['minVolumeShare'],
  met: (view, { minVolumeShare }) =>
    view.volumeMean > 0 && view.volume / view.volumeMean >= minVolumeShare,
  explain: (view, parameters, side) => ({
    value:
      view.volumeMean > 0
        ? `volume ${(view.volume / view.volumeMean).toFixed(2)}x its mean of 20`
        : 'not available',
    reason: volumePresent.met(view, parameters, side)
      ? 'Trading is as lively as usual or nearly so.'
      : `Too quiet: volume must be at least ${parameters.minVolumeShare}x its mean of 20.`,
  }),
};
