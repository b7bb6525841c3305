import { expect, it } from 'vitest';
import { DEFAULT_COSTS } from '../../src/backtest/trade/costs.ts';
import type { PortfolioMarket } from '../../src/backtest/candles/market.ts';
import { runPortfolio, type PortfolioResult } from '../../src/backtest/account/portfolio.ts';
import { byEntry, tradesText, type Trade } from '../../src/backtest/trade/trade.ts';
import { percent, toNumber, usd } from '../../src/domain/money/money.ts';
import type { ClosedPosition } from '../../src/domain/position.ts';
import { HOUR, type Timestamp } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/terms/limits.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';
import { live, startOf, type Case, type Lived } from './live-account.ts';

/** A closed position as the backtest lists it: times are those of the candles, whose inside a backtest does not know. */
function tradeOf(closed: ClosedPosition): Trade {
  const hourOf = (at: Timestamp): Timestamp => Math.floor(at / HOUR) * HOUR;
  const won = (closed.side === 'long') === closed.closePrice > closed.entryPrice;
  return {
    symbol: closed.symbol,
    side: closed.side,
    entryTime: hourOf(closed.openedAt),
    entryPrice: toNumber(closed.entryPrice),
    exitTime: hourOf(closed.closedAt),
    exitPrice: toNumber(closed.closePrice),
    quantity: toNumber(closed.maxQty),
    fees: toNumber(closed.fees),
    funding: toNumber(closed.funding),
    pnl: toNumber(closed.net),
    reason: closed.liquidated ? 'liquidation' : won ? 'target' : 'stop',
    risk: 0,
    candles: 0,
    mae: 0,
    mfe: 0,
    category: '',
  };
}

function expectSame({ closed, open, refusals, halts }: Lived, result: PortfolioResult): void {
  const ended = result.trades.filter(({ reason }) => reason !== 'end');
  expect(tradesText(closed.map(tradeOf).toSorted(byEntry))).toBe(tradesText(ended));
  const left = result.trades.filter(({ reason }) => reason === 'end');
  expect(open.toSorted()).toEqual(left.map(({ symbol, side }) => `${symbol} ${side}`).toSorted());
  expect(halts).toEqual(result.halts.map(({ trigger, at }) => `${trigger} ${at}`));
  // Without sound prices there is no signal, live.
  const { 'no-sound-prices': _none, ...counted } = Object.fromEntries(result.refusals);
  expect(refusals).toEqual(counted);
}

/** How many trades ended through a gap, and how many in a candle that held a loss and a win of some size alike. */
function happenings(
  markets: readonly PortfolioMarket[],
  trades: readonly Trade[],
): { readonly gaps: number; readonly both: number } {
  let gaps = 0;
  let both = 0;
  for (const { symbol, exitTime, exitPrice, entryPrice, reason } of trades) {
    const found = markets.find(({ instrument }) => instrument.symbol === symbol);
    const candles = found?.columns.candles;
    const row = candles?.time.indexOf(exitTime) ?? -1;
    if (candles === undefined || row < 0 || reason === 'end') continue;
    const open = candles.open[row] ?? NaN;
    if (Math.abs(exitPrice / open - 1) < 0.0011) gaps += 1;
    const low = (candles.low[row] ?? NaN) / entryPrice;
    const high = (candles.high[row] ?? NaN) / entryPrice;
    if (low < 0.87 && high > 1.13) both += 1;
  }
  return { gaps, both };
}

/** Trades that began in an hour in which their contract has no candle. */
const enteredInHoles = (markets: readonly PortfolioMarket[], trades: readonly Trade[]): number =>
  trades.filter(({ symbol, entryTime }) => {
    const found = markets.find(({ instrument }) => instrument.symbol === symbol);
    return found?.columns.candles.time.includes(entryTime) === false;
  }).length;

const TIGHT: RiskLimits = {
  ...DEFAULT_LIMITS,
  dailyLoss: percent('2'),
  drawdown: percent('4'),
  lossStreak: 2,
  lossStreakCoolOffMs: 12 * HOUR,
};

const listOf = (name: string): readonly string[] =>
  (process.env[name] ?? '').split(',').filter((each) => each !== '');

/**
 * `VIGIL_EQUALITY_SEEDS=11,12` runs other walks and `VIGIL_EQUALITY_DAYS=2025-10-10,2025-10-14` recorded candles from those days on
 * (`VIGIL_DATA` names their folder), each for 120 hours with both sets of limits.
 */
const LONGER: readonly Omit<Case, 'hours' | 'limits'>[] = [
  ...listOf('VIGIL_EQUALITY_SEEDS').map((seed) => ({ seed: Number(seed) })),
  ...listOf('VIGIL_EQUALITY_DAYS').map((day, seed) => ({ seed, recordedFrom: Date.parse(day) })),
];
const CASES: readonly (Case & { readonly name: string })[] =
  LONGER.length === 0
    ? [
        { name: 'tight limits', seed: 5, hours: 72, limits: TIGHT },
        { name: 'holes in the candles', seed: 8, hours: 48, limits: DEFAULT_LIMITS, holes: true },
      ]
    : LONGER.flatMap((each) => [
        { ...each, name: 'the default limits', hours: 120, limits: DEFAULT_LIMITS },
        { ...each, name: 'tight limits', hours: 120, limits: TIGHT },
      ]);

it.each(CASES)(
  'the account of the live pipeline is that of the backtest to the last digit, exits by candle: seed $seed, $name',
  async (test) => {
    const lived = await live(test);
    const result = runPortfolio({
      markets: lived.markets,
      equity: usd('10000'),
      parameters: agreement.parameters,
      limits: test.limits,
      costs: DEFAULT_COSTS,
      owner: 'accepts-drawdown',
      from: startOf(test),
      to: startOf(test) + (test.hours + 1) * HOUR,
      askAlways: true,
    });
    expectSame(lived, result);
    // A run in which nothing happens would prove nothing.
    expect(lived.closed.length).toBeGreaterThan(0);
    expect(Object.keys(lived.refusals).length).toBeGreaterThan(2);
    if (test.recordedFrom !== undefined) return;
    if (test.holes !== undefined) {
      expect(enteredInHoles(lived.markets, result.trades)).toBeGreaterThan(0);
      return;
    }
    const met = happenings(lived.markets, result.trades);
    expect(met.gaps).toBeGreaterThan(0);
    expect(met.both).toBeGreaterThan(0);
  },
);
