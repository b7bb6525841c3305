import { describe, expect, it } from 'vitest';
import {
  BREAKDOWNS,
  breakdown,
  byScoreBand,
  scoreBandOf,
} from '../../src/backtest/figures/breakdown.ts';
import {
  dailyEquity,
  dailyReturns,
  maxDrawdown,
  realisedEquity,
} from '../../src/backtest/figures/equity.ts';
import { metricsOf } from '../../src/backtest/figures/metrics.ts';
import { tradesText } from '../../src/backtest/trade/trade.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { trade } from './samples.ts';

const T0 = 1_700_006_400_000;
const points = (...values: number[]) =>
  values.map((equity, day) => ({ at: T0 + day * DAY, equity }));

describe('maxDrawdown', () => {
  it('finds the deepest fall from a peak, its dates and its recovery', () => {
    expect(maxDrawdown(points(100, 120, 90, 110, 84, 130))).toEqual({
      depth: 0.3,
      peakAt: T0 + DAY,
      troughAt: T0 + 4 * DAY,
      recoveredAt: T0 + 5 * DAY,
    });
    expect(maxDrawdown(points(100, 50))?.recoveredAt).toBeUndefined();
    expect(maxDrawdown(points(1, 2, 3))?.depth).toBe(0);
    expect(maxDrawdown([])).toBeUndefined();
  });
});

describe('dailyReturns', () => {
  const at = (hours: number, equity: number) => ({ at: T0 + hours * HOUR, equity });

  it('takes the last point of each UTC day, midnight included, and carries it over silent days', () => {
    const points = [at(0, 100), at(5, 90), at(24, 110), at(72, 121)];
    expect(dailyReturns(points).map((each) => Number(each.toFixed(6)))).toEqual([0.1, 0, 0.1]);
    expect(dailyEquity(points).map((each) => (each.at - T0) / DAY)).toEqual([0, 1, 2, 3]);
  });

  it('counts as many days as begin: ten whole ones are ten, a part at either end is one', () => {
    expect(dailyReturns([at(0, 1), at(240, 2)])).toHaveLength(10);
    expect(dailyReturns([at(0, 1), at(241, 2)])).toHaveLength(11);
    expect(dailyReturns([at(15, 1), at(15 + 7 * 24, 2)])).toHaveLength(8);
    expect(dailyReturns([at(0, 1)])).toEqual([]);
    expect(dailyReturns([])).toEqual([]);
  });

  it('has no return of a day that began with nothing', () => {
    expect(dailyReturns([at(0, 100), at(24, 0), at(48, 0)])).toEqual([-1]);
  });
});

describe('metricsOf', () => {
  const trades = [
    trade({ entryTime: T0, exitTime: T0 + HOUR, pnl: 4, fees: 1 }),
    trade({ entryTime: T0, exitTime: T0 + 2 * HOUR, pnl: -2, funding: -0.5 }),
    trade({ entryTime: T0 + 10 * HOUR, exitTime: T0 + 11 * HOUR, pnl: -1 }),
  ];
  const equity = realisedEquity(trades, { at: T0, equity: 100 }, T0 + 365 * DAY);
  const metrics = metricsOf({ trades, equity, candleMs: () => HOUR });

  it('counts money', () => {
    expect(metrics).toMatchObject({
      trades: 3,
      startEquity: 100,
      endEquity: 101,
      netPnl: 1,
      funding: -0.5,
    });
    expect(metrics.totalReturn).toBeCloseTo(0.01, 12);
    expect(metrics.cagr).toBeCloseTo(0.01, 12);
    expect(metrics.fees).toBeCloseTo(1.24, 12);
    expect(metrics.profitFactor).toBeCloseTo(4 / 3, 12);
  });

  it('counts results in R, streaks and time in the market', () => {
    expect(metrics.expectancyR.mean).toBeCloseTo((2 - 1 - 0.5) / 3, 12);
    expect(metrics.winRate).toMatchObject({ hits: 1, n: 3 });
    expect([metrics.longestWinStreak, metrics.longestLossStreak]).toEqual([1, 2]);
    expect(metrics.exposure).toBeCloseTo(5 / (365 * 24), 12);
    expect(metrics.maxDrawdown?.depth).toBeCloseTo(3 / 104, 12);
    expect(metrics.calmar).toBeCloseTo(0.01 / (3 / 104), 9);
  });

  it('says why where a figure has no meaning, and never gives 0, NaN or infinity for it', () => {
    const none = metricsOf({ trades: [], equity: points(100), candleMs: () => HOUR });
    expect(none).toMatchObject({ trades: 0, totalReturn: 0, exposure: 0, days: 0 });
    for (const name of [
      'cagr',
      'sharpe',
      'sortino',
      'calmar',
      'profitFactor',
      'meanMae',
    ] as const) {
      expect(none[name]).toBeUndefined();
    }
    expect(none.undefinedBecause).toEqual({
      cagr: 'fewer than 90 days',
      sharpe: 'fewer than 2 days',
      sortino: 'fewer than 2 days',
      calmar: 'fewer than 90 days',
      profitFactor: 'no trade',
      expectancyInterval: 'no trade',
      perTrade: 'no trade',
    });
  });

  it('says that trades of one day have no interval', () => {
    const day = [0, 1].map(() => trade({ entryTime: T0, exitTime: T0, pnl: 10 }));
    const { undefinedBecause } = metricsOf({
      trades: day,
      equity: points(100, 110, 120),
      candleMs: () => HOUR,
    });
    expect(undefinedBecause.expectancyInterval).toBe('all trades began on one day');
  });

  it('has no profit factor and no Sortino ratio without a loss', () => {
    const wins = [trade({ entryTime: T0, exitTime: T0, pnl: 10 })];
    const rising = metricsOf({ trades: wins, equity: points(100, 110, 130), candleMs: () => HOUR });
    expect(rising.profitFactor).toBeUndefined();
    expect(rising.sortino).toBeUndefined();
    expect(rising.undefinedBecause).toMatchObject({
      profitFactor: 'no losing trade',
      sortino: 'no losing day',
    });
    // One trade: a rate with its interval, and no interval of the mean.
    expect(rising.winRate).toMatchObject({ n: 1, rate: 1, high: 1 });
    expect(rising.winRate.low).toBeCloseTo(0.2065, 4);
    expect(rising.expectancyR).toMatchObject({ n: 1, mean: 5, low: NaN });
  });

  it.each([
    ['flat equity', points(100, 100, 100, 100)],
    ['the same growth each day', points(100, 110, 121, 133.1)],
  ])('has no Sharpe ratio of %s', (_what, equity) => {
    const { sharpe, undefinedBecause } = metricsOf({ trades: [], equity, candleMs: () => HOUR });
    expect(sharpe).toBeUndefined();
    expect(undefinedBecause.sharpe).toBe('equity did not vary from day to day');
  });

  it('makes a yearly rate of 365 days, from 90 days on and not before', () => {
    const over = (days: number, end: number) =>
      metricsOf({
        trades: [],
        equity: [
          { at: T0, equity: 100 },
          { at: T0 + days * DAY, equity: end },
        ],
        candleMs: () => HOUR,
      });
    expect(over(89.999, 110).cagr).toBeUndefined();
    expect(over(90, 110).cagr).toBeCloseTo(1.1 ** (365 / 90) - 1, 12);
    expect(over(730, 121).cagr).toBeCloseTo(0.1, 12);
    expect(over(365, 0).undefinedBecause.cagr).toBe('no equity is left');
    expect(over(365, 121).undefinedBecause.calmar).toBe('no drawdown');
    expect(over(365, 0).maxDrawdown?.depth).toBe(1);
  });

  it('gives the Sharpe and Sortino ratio of daily returns', () => {
    const { sharpe, sortino, days } = metricsOf({
      trades: [],
      equity: points(100, 110, 99, 108.9),
      candleMs: () => HOUR,
    });
    // Returns 0.1, -0.1, 0.1: mean 0.1 / 3, sample variance (2 (0.2 / 3)^2 + (0.4 / 3)^2) / 2, downside square mean 0.01 / 3.
    expect(days).toBe(3);
    const mean = 0.1 / 3;
    const deviation = Math.sqrt((2 * (0.2 / 3) ** 2 + (0.4 / 3) ** 2) / 2);
    expect(sharpe).toBeCloseTo((mean / deviation) * Math.sqrt(365), 9);
    expect(sortino).toBeCloseTo((mean / Math.sqrt(0.01 / 3)) * Math.sqrt(365), 9);
  });

  it('never counts more time in the market than there was', () => {
    const long = [trade({ entryTime: T0, exitTime: T0 + DAY })];
    const { exposure } = metricsOf({
      trades: long,
      equity: points(100, 101),
      candleMs: () => HOUR,
    });
    expect(exposure).toBe(1);
  });
});

describe('breakdown', () => {
  it('groups by symbol, category, side, hour and exit reason', () => {
    const trades = [
      trade({ entryTime: T0 + 3 * HOUR, pnl: 2 }),
      trade({
        side: 'short',
        reason: 'stop',
        pnl: -2,
        symbol: 'BTCUSDT',
        category: 'x',
        entryTime: T0,
      }),
    ];
    const keys = Object.values(BREAKDOWNS).map((keyOf) =>
      breakdown(trades, keyOf).map(({ key }) => key),
    );
    expect(keys).toEqual([
      ['BTCUSDT', 'SOLUSDT'],
      ['layer 1', 'x'],
      ['long', 'short'],
      ['00', '03'],
      ['stop', 'target'],
    ]);
    expect(breakdown(trades, () => 'all')[0]).toMatchObject({
      netPnl: 0,
      totalR: 0,
      winRate: { hits: 1, n: 2 },
    });
  });

  it('puts scores into bands and leaves trades without a score out', () => {
    expect([74.9, 75, 79.9, 80, 95, 100].map(scoreBandOf)).toEqual([
      'below 75',
      '75-79',
      '75-79',
      '80-84',
      '95-100',
      '95-100',
    ]);
    const bands = byScoreBand([trade({ score: 100 }), trade({ score: 76 }), trade({})]);
    expect(bands.map(({ key }) => key)).toEqual(['75-79', '95-100']);
  });
});

it('tradesText tells trades apart by their last digit', () => {
  const text = tradesText([trade({})]);
  expect(text).toBe('SOLUSDT,long,0,100,0,100,1,0.12,0,1,target');
  expect(tradesText([trade({ pnl: 1 + Number.EPSILON })])).not.toBe(text);
});
