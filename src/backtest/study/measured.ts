import type { RecordBand } from '../figures/breakdown.ts';
import type { OwnerPolicy } from '../account/risk-supervisor.ts';
import type { MeanInterval } from '../figures/statistics.ts';

/** Signals of one score band, each tracked on its own to stop or target, after all costs. */
export interface MeasuredBand {
  readonly band: RecordBand;
  readonly n: number;
  /** How many earned money. */
  readonly wins: number;
  /** Result in R with its 95 % interval, clustered by day. */
  readonly meanR: Omit<MeanInterval, 'n'>;
}

/** The same signals through an account of 10,000 USDT with every limit and the emergency stop. */
export interface MeasuredAccount {
  readonly owner: OwnerPolicy;
  readonly trades: number;
  readonly meanR: Omit<MeanInterval, 'n'>;
  /** Fractions of the equity at the start, and of its highest. */
  readonly totalReturn: number;
  readonly drawdown: number;
}

/** Aggregated results of one run of the backtest. Market data itself is no part of the repository. */
export interface Measurement {
  /** A few words on the candles. */
  readonly data: string;
  /** First and last day, UTC. */
  readonly from: string;
  readonly to: string;
  readonly symbols: number;
  readonly n: number;
  readonly meanR: Omit<MeanInterval, 'n'>;
  /** Mean of random entries with the same exits. */
  readonly randomR: number;
  /** Share of all closed candles, with enough history before them, on which there was a signal. */
  readonly signalShare: number;
  readonly bands: readonly MeasuredBand[];
  readonly accounts: readonly MeasuredAccount[];
  /** SHA-256 of the trades' text: a repeated run must give it again. */
  readonly tradesSha256: string;
}

/** All that was measured of one strategy. */
export interface StrategyRecord {
  readonly strategy: string;
  /** What it says, in one sentence. It stands on every card. */
  readonly finding: string;
  /** With its defaults, nothing tuned on any set. */
  readonly measurements: readonly Measurement[];
}

const FINDING = 'No edge was found: measured after costs, such signals lost a little on average.';

const AGREEMENT: readonly Measurement[] = [
  {
    data: 'spot 2021-2023',
    from: '2021-04-04',
    to: '2023-12-30',
    symbols: 24,
    n: 19169,
    meanR: { mean: -0.033, low: -0.083, high: 0.017 },
    randomR: -0.071,
    signalShare: 0.592,
    bands: [
      { band: '75-79', n: 4876, wins: 1458, meanR: { mean: 0.005, low: -0.066, high: 0.076 } },
      { band: '80-84', n: 7304, wins: 2070, meanR: { mean: -0.047, low: -0.118, high: 0.024 } },
      { band: '85-89', n: 1844, wins: 507, meanR: { mean: -0.072, low: -0.174, high: 0.03 } },
      { band: '95-100', n: 5145, wins: 1476, meanR: { mean: -0.035, low: -0.106, high: 0.035 } },
    ],
    accounts: [
      {
        owner: 'resumes-daily',
        trades: 28,
        meanR: { mean: -0.152, low: -0.818, high: 0.515 },
        totalReturn: -0.028,
        drawdown: 0.102,
      },
      {
        owner: 'accepts-drawdown',
        trades: 1070,
        meanR: { mean: -0.12, low: -0.224, high: -0.016 },
        totalReturn: -0.782,
        drawdown: 0.809,
      },
    ],
    tradesSha256: '12c0436ce898257d481a51e15495d670b53169e2fb193b594428407c304e6609',
  },
  {
    data: 'perpetuals 2025-10',
    from: '2025-10-02',
    to: '2025-10-23',
    symbols: 517,
    n: 8862,
    meanR: { mean: -0.114, low: -0.55, high: 0.322 },
    randomR: -0.057,
    signalShare: 0.547,
    bands: [
      { band: '75-79', n: 2211, wins: 432, meanR: { mean: -0.352, low: -0.639, high: -0.064 } },
      { band: '80-84', n: 3422, wins: 1044, meanR: { mean: 0.016, low: -0.688, high: 0.72 } },
      { band: '85-89', n: 672, wins: 197, meanR: { mean: -0.051, low: -0.681, high: 0.58 } },
      { band: '95-100', n: 2557, wins: 773, meanR: { mean: -0.1, low: -0.437, high: 0.238 } },
    ],
    accounts: [
      {
        owner: 'resumes-daily',
        trades: 28,
        meanR: { mean: 0.558, low: -0.174, high: 1.29 },
        totalReturn: 0.158,
        drawdown: 0.07,
      },
      {
        owner: 'accepts-drawdown',
        trades: 28,
        meanR: { mean: 0.558, low: -0.174, high: 1.29 },
        totalReturn: 0.158,
        drawdown: 0.07,
      },
    ],
    tradesSha256: 'c1a3dc54150d997ed518b18e806261763f446d23ef5e1934ff7eeb7508a317dd',
  },
];

const BREAKDOWN: readonly Measurement[] = [
  {
    data: 'perpetuals 2024-2026',
    from: '2024-02-28',
    to: '2026-03-19',
    symbols: 519,
    n: 5014,
    meanR: { mean: 0.227, low: -0.068, high: 0.521 },
    randomR: 0.156,
    signalShare: 0.0047,
    bands: [{ band: 'all', n: 5014, wins: 2055, meanR: { mean: 0.227, low: -0.068, high: 0.521 } }],
    accounts: [
      {
        owner: 'resumes-daily',
        trades: 183,
        meanR: { mean: 0.295, low: 0.049, high: 0.541 },
        totalReturn: 0.668,
        drawdown: 0.11,
      },
    ],
    tradesSha256: '5abaca88d8b5b58aa41dbe64f9164ee137e15eae732413bd4a406bdb5f181b23',
  },
  {
    data: 'spot 2021-2023',
    from: '2021-04-04',
    to: '2023-12-30',
    symbols: 24,
    n: 548,
    meanR: { mean: 0.24, low: -0.021, high: 0.501 },
    randomR: 0.133,
    signalShare: 0.0053,
    bands: [{ band: 'all', n: 548, wins: 231, meanR: { mean: 0.24, low: -0.021, high: 0.501 } }],
    accounts: [
      {
        owner: 'resumes-daily',
        trades: 82,
        meanR: { mean: 0.213, low: -0.168, high: 0.594 },
        totalReturn: 0.173,
        drawdown: 0.116,
      },
    ],
    tradesSha256: '0a5bbb09f416f5c712b3d640a035043d4041e4cd0dabc70115c1b2c692462a30',
  },
];

const BREAKOUT: readonly Measurement[] = [
  {
    data: 'spot 2021-2023',
    from: '2021-04-04',
    to: '2023-12-30',
    symbols: 24,
    n: 608,
    meanR: { mean: -0.09, low: -0.215, high: 0.035 },
    randomR: -0.075,
    signalShare: 0.0061,
    bands: [{ band: 'all', n: 608, wins: 187, meanR: { mean: -0.09, low: -0.215, high: 0.035 } }],
    accounts: [
      {
        owner: 'resumes-daily',
        trades: 63,
        meanR: { mean: 0.088, low: -0.283, high: 0.458 },
        totalReturn: 0.072,
        drawdown: 0.109,
      },
    ],
    tradesSha256: '62acd1cae35387c10a02a0f29159b3672cb3184d96e3e9516c8e72113ef1e39c',
  },
];

/** What was measured, by strategy: what is not in here has no record but the live one. */
export const RECORDS: readonly StrategyRecord[] = [
  { strategy: 'agreement', finding: FINDING, measurements: AGREEMENT },
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
];

/** The record of a strategy; nothing measured where there is none. */
export const recordOf = (strategy: string): StrategyRecord =>
  RECORDS.find((each) => each.strategy === strategy) ?? {
    strategy,
    finding: 'Nothing is measured of such signals yet.',
    measurements: [],
  };
