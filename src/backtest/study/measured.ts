import type { StrategyRecord } from './measurement.ts';
import { AGREEMENT } from './records/agreement.ts';
import { BAND_REVERSION } from './records/band-reversion.ts';
import { BREAKDOWN } from './records/breakdown.ts';
import { BREAKOUT } from './records/breakout.ts';

/** What was measured, by strategy: what is not in here has no record but the live one. */
export const RECORDS: readonly StrategyRecord[] = [
  {
    strategy: 'agreement',
    finding: 'No edge was found: measured after costs, such signals lost a little on average.',
    measurements: AGREEMENT,
  },
  {
    strategy: 'breakdown',
    finding:
      'It sells short only. Positive on average in the histories measured, most of it in a few weeks; no edge is proven.',
    measurements: BREAKDOWN,
  },
  {
    strategy: 'breakout',
    finding: 'No edge was found: measured after costs, such longs lost a little on average.',
    measurements: BREAKOUT,
  },
  {
    strategy: 'band-reversion',
    finding: 'The rule by which engines are compared; no edge was found.',
    measurements: BAND_REVERSION,
  },
];

/** The record of a strategy; nothing measured where there is none. */
export const recordOf = (strategy: string): StrategyRecord =>
  RECORDS.find((each) => each.strategy === strategy) ?? {
    strategy,
    finding: 'Nothing is measured of such signals yet.',
    measurements: [],
  };
