import type { Measurement } from '../measurement.ts';

/** What runs of the backtest with its defaults gave, nothing tuned on any set. */
export const BREAKOUT: readonly Measurement[] = [
  {
    data: 'perpetuals 2024-2026',
    from: '2024-02-28',
    to: '2026-03-19',
    symbols: 525,
    n: 3096,
    fallR: 514.0,
    randomR: -0.183,
    signalShare: 0.0027,
    sides: [
      {
        side: 'long',
        clean: false,
        n: 3091,
        targets: 866,
        meanR: { mean: -0.162, low: -0.237, high: -0.088 },
        weeks: 94,
        ordinaryWeek: -0.212,
      },
      {
        side: 'long',
        clean: true,
        n: 216,
        targets: 66,
        meanR: { mean: -0.096, low: -0.352, high: 0.16 },
        weeks: 59,
        ordinaryWeek: -0.122,
      },
    ],
    years: [
      { year: 2024, n: 1519, meanR: -0.191 },
      { year: 2025, n: 1280, meanR: -0.13 },
      { year: 2026, n: 292, meanR: -0.156 },
    ],
    weekly: {
      from: 1713744000000,
      sums: [
        -2.0, -1, -0.0, 1.0, 1.0, 8.9, -5.1, -9.0, 0, 0, 0.9, -0.1, -2.0, -1.0, -3.0, 1.0, -4.0,
        -1.1, 0, 0, -8.0, 10.8, -57.3, -17.1, -5.1, -2.2, -18.3, -1.5, 19.6, -64.3, -9.1, -34.6,
        -74.4, -11.0, -6.0, 4.0, -1.0, 0, -2.0, 2.0, 5.0, -1.0, -1, -2, -3.0, 0, 2.0, -1.0, 0.0,
        0.9, -3.1, -4.0, -3.2, -13.3, 17.6, -36.1, -21.3, -4.2, -6.1, -4.1, -6.1, 7.0, 3.0, 29.5,
        -5.5, -38.1, -13.1, 10.0, -12.0, -1.0, -9.7, 2.0, 8.8, 7.0, -12.1, -16.1, -3.8, -5.0, -3.0,
        -2.0, 3.0, -13.0, -5.0, 1.0, -10.0, 2.0, 0.0, -8.0, 1.9, -4.8, -8.4, -19.0, -2.9, 2.1, -2.1,
        6.9, 3.9, -2.1, -11.1, -7.0,
      ],
    },
    accounts: [
      {
        owner: 'resumes-daily',
        trades: 101,
        meanR: { mean: -0.136, low: -0.43, high: 0.158 },
        totalReturn: -0.069,
        drawdown: 0.101,
      },
    ],
    tradesSha256: '89102e11029439563b5263f5b1cd63f4ef06aa34e9071be4be7be374b34d29ce',
  },
  {
    data: 'spot 2021-2023',
    from: '2021-04-04',
    to: '2023-12-30',
    symbols: 24,
    n: 608,
    fallR: 65.7,
    randomR: -0.075,
    signalShare: 0.0061,
    sides: [
      {
        side: 'long',
        clean: false,
        n: 608,
        targets: 184,
        meanR: { mean: -0.09, low: -0.214, high: 0.034 },
        weeks: 80,
        ordinaryWeek: -0.049,
      },
      {
        side: 'long',
        clean: true,
        n: 109,
        targets: 32,
        meanR: { mean: -0.103, low: -0.401, high: 0.195 },
        weeks: 39,
        ordinaryWeek: -0.107,
      },
    ],
    years: [
      { year: 2021, n: 211, meanR: 0.005 },
      { year: 2022, n: 82, meanR: -0.204 },
      { year: 2023, n: 315, meanR: -0.123 },
    ],
    weekly: {
      from: 1625443200000,
      sums: [
        2.0, 3.9, -4.0, -1.0, 3.9, -1.2, -2.1, -2.0, -5.1, -4.0, -3.0, -1, 4.0, 3.0, -0.0, -0.0,
        1.9, 3.9, 0.9, 5.1, 0.0, -1.0, -1, 0, -2.0, 0, -0.0, -2.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2.0,
        1.9, -3.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1.0, 2.9, -1.0, -0.0, 2.9, -14.2, -0.0,
        -0.0, 0, 2.0, -1, -1.0, 0, 0, 0, 0, 1.0, -4.0, -1.0, 0, -1.0, 0, 0, 0, 0, 0, 2.0, 13.8,
        -8.4, -1.0, -8.1, -5.0, -4.1, -2.0, 2.1, 0, -2.1, 2.0, 2.0, 0.9, 0.8, -2.0, 0, 0, 0, 0, 0,
        0, 0, -1, -1.9, 0.0, -4.0, -2.2, 1.0, -2.0, -1.0, 0, 0, 0, 0, 0, 0, 0, -0.0, -1.0, 0, 8.0,
        -5.3, 5.5, -14.3, -8.0, -0.0, 2.9, 4.7, -5.0, 7.0, -13.0,
      ],
    },
    accounts: [
      {
        owner: 'resumes-daily',
        trades: 286,
        meanR: { mean: 0.051, low: -0.127, high: 0.229 },
        totalReturn: 0.066,
        drawdown: 0.095,
      },
    ],
    tradesSha256: '62acd1cae35387c10a02a0f29159b3672cb3184d96e3e9516c8e72113ef1e39c',
  },
];
