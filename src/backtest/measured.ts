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
    meanR: { mean: -0.043, low: -0.088, high: 0.003 },
    randomR: -0.079,
    bands: [
      { band: '75-79', n: 5427, wins: 1720, meanR: { mean: -0.026, low: -0.091, high: 0.039 } },
      { band: '80-84', n: 8201, wins: 2565, meanR: { mean: -0.037, low: -0.101, high: 0.027 } },
      { band: '85-89', n: 2098, wins: 638, meanR: { mean: -0.061, low: -0.156, high: 0.034 } },
      { band: '95-100', n: 5764, wins: 1761, meanR: { mean: -0.06, low: -0.123, high: 0.003 } },
    ],
    tradesSha256: 'ec022eb83629575c43e9c4a8dbb7d1ad99a5bc6b3f41bfb89e104bcbd156bc97',
  },
  {
    data: 'perpetuals 2025-10',
    from: '2025-10-02',
    to: '2025-10-23',
    symbols: 517,
    n: 9487,
    meanR: { mean: -0.127, low: -0.518, high: 0.265 },
    randomR: -0.041,
    bands: [
      { band: '75-79', n: 2314, wins: 495, meanR: { mean: -0.348, low: -0.626, high: -0.07 } },
      { band: '80-84', n: 3661, wins: 1179, meanR: { mean: -0.012, low: -0.64, high: 0.616 } },
      { band: '85-89', n: 718, wins: 222, meanR: { mean: -0.076, low: -0.617, high: 0.465 } },
      { band: '95-100', n: 2794, wins: 893, meanR: { mean: -0.106, low: -0.406, high: 0.193 } },
    ],
    tradesSha256: '17400d6386eebd042b02c53f7ea7148a9ab4d89843883ee4503b140e11fba263',
  },
];
