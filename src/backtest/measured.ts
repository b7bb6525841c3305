import type { ScoreBand } from './breakdown.ts';
import type { MeanInterval } from './statistics.ts';

/** Signals of one score band, each followed on its own to stop or target, after all costs. */
export interface MeasuredBand {
  readonly band: ScoreBand;
  readonly n: number;
  /** How many earned money. */
  readonly wins: number;
  /** Result in R with its 95 % interval, clustered by day. */
  readonly meanR: Omit<MeanInterval, 'n'>;
}

/** Aggregated results of one run of the backtest. Market data itself is no part of the repository. */
export interface Measurement {
  /** A few words on the candles, all of 1 h. */
  readonly data: string;
  /** First and last day, UTC. */
  readonly from: string;
  readonly to: string;
  readonly symbols: number;
  readonly n: number;
  readonly meanR: Omit<MeanInterval, 'n'>;
  /** Mean of random entries with the same exits. */
  readonly randomR: number;
  readonly bands: readonly MeasuredBand[];
  /** SHA-256 of the trades' text: a repeated run must give it again. */
  readonly tradesSha256: string;
}

/** What the measurement says, in one sentence. It stands on every card. */
export const FINDING =
  'No edge was found: measured after costs, such signals lost a little on average.';

/** The strategy with its defaults, nothing tuned on either set. */
export const MEASUREMENTS: readonly Measurement[] = [
  {
    data: 'spot 2021-2023',
    from: '2021-04-04',
    to: '2023-12-30',
    symbols: 24,
    n: 21490,
    meanR: { mean: -0.038, low: -0.083, high: 0.008 },
    randomR: -0.074,
    bands: [
      { band: '75-79', n: 5427, wins: 1720, meanR: { mean: -0.021, low: -0.086, high: 0.044 } },
      { band: '80-84', n: 8201, wins: 2565, meanR: { mean: -0.032, low: -0.096, high: 0.033 } },
      { band: '85-89', n: 2098, wins: 638, meanR: { mean: -0.056, low: -0.152, high: 0.039 } },
      { band: '95-100', n: 5764, wins: 1761, meanR: { mean: -0.055, low: -0.118, high: 0.008 } },
    ],
    tradesSha256: '7e72af8159a4c2258f7d884e38cac25a1312779279573e30f6cb0acb84acee55',
  },
  {
    data: 'perpetuals 2025-10',
    from: '2025-10-02',
    to: '2025-10-23',
    symbols: 517,
    n: 9487,
    meanR: { mean: -0.123, low: -0.517, high: 0.27 },
    randomR: -0.025,
    bands: [
      { band: '75-79', n: 2314, wins: 495, meanR: { mean: -0.345, low: -0.624, high: -0.066 } },
      { band: '80-84', n: 3661, wins: 1179, meanR: { mean: -0.008, low: -0.638, high: 0.621 } },
      { band: '85-89', n: 718, wins: 222, meanR: { mean: -0.072, low: -0.616, high: 0.472 } },
      { band: '95-100', n: 2794, wins: 893, meanR: { mean: -0.104, low: -0.404, high: 0.197 } },
    ],
    tradesSha256: '83efa05db2e88668a2d254fce0c1fac533d3391fd748bd1d7a65c93fe947f771',
  },
];
