import { describe, expect, it } from 'vitest';
import { BREAKDOWNS, breakdown, byScoreBand, scoreBandOf } from '../../src/backtest/breakdown.ts';
import { dailyReturns, maxDrawdown, realisedEquity } from '../../src/backtest/equity.ts';
import { metricsOf } from '../../src/backtest/metrics.ts';
import { tradesText } from '../../src/backtest/trade.ts';
import { foldsOf, splitTrades, walkForward } from '../../src/backtest/walk-forward.ts';
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

it('dailyReturns takes the last point of each UTC day and carries it over silent days', () => {
  const at = (hours: number, equity: number) => ({ at: T0 + hours * HOUR, equity });
  const returns = dailyReturns([at(0, 100), at(5, 90), at(23, 110), at(72, 121)]);
  expect(returns.map((each) => Number(each.toFixed(6)))).toEqual([0.1, 0, 0, 0.1]);
});

describe('metricsOf', () => {
  const trades = [
    trade({ entryTime: T0, exitTime: T0 + HOUR, pnl: 4, fees: 1 }),
    trade({ entryTime: T0, exitTime: T0 + 2 * HOUR, pnl: -2, funding: -0.5 }),
    trade({ entryTime: T0 + 10 * HOUR, exitTime: T0 + 11 * HOUR, pnl: -1 }),
  ];
  const equity = realisedEquity(trades, { at: T0, equity: 100 }, T0 + 365 * DAY);
  const metrics = metricsOf({ trades, equity, candleMs: HOUR });

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

  it('has no figure where it would have no meaning', () => {
    const none = metricsOf({ trades: [], equity: points(100), candleMs: HOUR });
    expect(none).toMatchObject({ trades: 0, totalReturn: 0, exposure: 0 });
    expect([none.cagr, none.sharpe, none.profitFactor, none.calmar]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  it('gives the Sharpe and Sortino ratio of daily returns', () => {
    const { sharpe, sortino } = metricsOf({
      trades: [],
      equity: points(100, 110, 99, 108.9),
      candleMs: HOUR,
    });
    // Returns 0, 0.1, -0.1, 0.1: mean 0.025, sample variance 0.0275 / 3, downside square mean 0.01 / 4.
    expect(sharpe).toBeCloseTo((0.025 / Math.sqrt(0.0275 / 3)) * Math.sqrt(365), 9);
    expect(sortino).toBeCloseTo((0.025 / 0.05) * Math.sqrt(365), 9);
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

describe('walk-forward', () => {
  const year = foldsOf({ from: T0, to: T0 + 10 * DAY }, { inMs: 4 * DAY, outMs: 3 * DAY });

  it('moves in-sample and out-of-sample parts forward without overlap of the latter', () => {
    expect(
      year.map(({ from, split, to }) => [from, split, to].map((at) => (at - T0) / DAY)),
    ).toEqual([
      [0, 4, 7],
      [3, 7, 10],
    ]);
  });

  it('reports out-of-sample what the in-sample winner did', () => {
    const on = (day: number, pnl: number) =>
      trade({ entryTime: T0 + day * DAY, exitTime: T0 + day * DAY + HOUR, pnl });
    const results = walkForward(
      [
        { name: 'early', trades: [on(1, 2), on(5, -2), on(8, -2)] },
        { name: 'late', trades: [on(1, -2), on(5, 4), on(8, 6)] },
      ],
      year,
    );
    expect(
      results.map(({ chosen, inSampleR, outOfSampleR }) => [
        chosen,
        inSampleR.mean,
        outOfSampleR.mean,
      ]),
    ).toEqual([
      ['early', 1, -1],
      ['late', 2, 3],
    ]);
  });

  it('splits trades at a moment and drops those that span it from the first part', () => {
    const spanning = trade({ entryTime: T0, exitTime: T0 + 2 * DAY });
    const later = trade({ entryTime: T0 + DAY, exitTime: T0 + 2 * DAY });
    expect(splitTrades([spanning, later], T0 + DAY)).toEqual({
      inSample: [],
      outOfSample: [later],
    });
  });
});

it('tradesText tells trades apart by their last digit', () => {
  const text = tradesText([trade({})]);
  expect(text).toBe('SOLUSDT,long,0,100,0,100,1,0.12,0,1,target');
  expect(tradesText([trade({ pnl: 1 + Number.EPSILON })])).not.toBe(text);
});
