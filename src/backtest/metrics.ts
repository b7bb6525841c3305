import { DAY, type Timestamp } from '../domain/time.ts';
import { dailyReturns, maxDrawdown, type Drawdown, type EquityPoint } from './equity.ts';
import { deviationOf, meanOf, wilson, type MeanInterval, type Proportion } from './statistics.ts';
import { meanR, type Trade } from './trade.ts';

/** Below this many trades no rate is a finding. */
export const MIN_TRADES = 30;
const DAYS_A_YEAR = 365;
/** A yearly rate of less than this many days would be a guess. */
const MIN_DAYS_FOR_YEARLY = 90;

/** Undefined where a figure has no meaning: a ratio over zero, a yearly rate of less than 90 days. */
export interface Metrics {
  readonly trades: number;
  readonly startEquity: number;
  readonly endEquity: number;
  /** Fractions: 0.1 is 10 %. */
  readonly totalReturn: number;
  readonly cagr: number | undefined;
  readonly maxDrawdown: Drawdown | undefined;
  /** From daily returns, times the root of 365, risk-free rate 0. */
  readonly sharpe: number | undefined;
  readonly sortino: number | undefined;
  /** CAGR ÷ deepest drawdown. */
  readonly calmar: number | undefined;
  /** Profits ÷ losses after costs. */
  readonly profitFactor: number | undefined;
  /** Mean result in R, after costs, with its 95 % interval, days as clusters. */
  readonly expectancyR: MeanInterval;
  /** Trades that earned money after costs, with the 95 % Wilson interval. */
  readonly winRate: Proportion;
  /** Share of the time in which at least one trade was open. */
  readonly exposure: number;
  readonly longestWinStreak: number;
  readonly longestLossStreak: number;
  readonly netPnl: number;
  readonly fees: number;
  /** Negative: paid. */
  readonly funding: number;
  readonly meanCandles: number;
  /** Means of the greatest move against and for a trade, as fractions of entry. */
  readonly meanMae: number;
  readonly meanMfe: number;
}

export interface MetricsInput {
  readonly trades: readonly Trade[];
  readonly equity: readonly EquityPoint[];
  /** Length of one candle. */
  readonly candleMs: number;
}

export function metricsOf({ trades, equity, candleMs }: MetricsInput): Metrics {
  const startEquity = equity[0]?.equity ?? NaN;
  const endEquity = equity.at(-1)?.equity ?? NaN;
  const from = equity[0]?.at ?? NaN;
  const to = equity.at(-1)?.at ?? NaN;
  const years = (to - from) / (DAYS_A_YEAR * DAY);
  const growth = endEquity / startEquity;
  const cagr =
    years * DAYS_A_YEAR >= MIN_DAYS_FOR_YEARLY && growth > 0
      ? growth ** (1 / years) - 1
      : undefined;
  const drawdown = maxDrawdown(equity);
  const deep = drawdown !== undefined && drawdown.depth > 0;
  const byExit = trades.toSorted((one, other) => one.exitTime - other.exitTime);
  return {
    trades: trades.length,
    startEquity,
    endEquity,
    totalReturn: growth - 1,
    cagr,
    maxDrawdown: drawdown,
    ...dailyRatios(dailyReturns(equity)),
    calmar: cagr !== undefined && deep ? cagr / drawdown.depth : undefined,
    profitFactor: profitFactorOf(trades),
    expectancyR: meanR(trades),
    winRate: wilson(trades.filter((trade) => trade.pnl > 0).length, trades.length),
    exposure: to > from ? timeInMarket(trades, candleMs) / (to - from) : 0,
    longestWinStreak: longestRun(byExit, (trade) => trade.pnl > 0),
    longestLossStreak: longestRun(byExit, (trade) => trade.pnl < 0),
    netPnl: sumOf(trades, (trade) => trade.pnl),
    fees: sumOf(trades, (trade) => trade.fees),
    funding: sumOf(trades, (trade) => trade.funding),
    meanCandles: meanOf(trades.map((trade) => trade.candles)),
    meanMae: meanOf(trades.map((trade) => trade.mae)),
    meanMfe: meanOf(trades.map((trade) => trade.mfe)),
  };
}

function dailyRatios(returns: readonly number[]): Pick<Metrics, 'sharpe' | 'sortino'> {
  const mean = meanOf(returns);
  const deviation = deviationOf(returns);
  const below = Math.sqrt(meanOf(returns.map((each) => Math.min(0, each) ** 2)));
  const yearly = Math.sqrt(DAYS_A_YEAR);
  return {
    sharpe: deviation > 0 ? (mean / deviation) * yearly : undefined,
    sortino: below > 0 ? (mean / below) * yearly : undefined,
  };
}

function profitFactorOf(trades: readonly Trade[]): number | undefined {
  const profits = sumOf(trades, (trade) => Math.max(0, trade.pnl));
  const losses = sumOf(trades, (trade) => Math.max(0, -trade.pnl));
  return losses > 0 ? profits / losses : undefined;
}

function sumOf(trades: readonly Trade[], figure: (trade: Trade) => number): number {
  let sum = 0;
  for (const trade of trades) sum += figure(trade);
  return sum;
}

function longestRun(trades: readonly Trade[], counts: (trade: Trade) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const trade of trades) {
    run = counts(trade) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Milliseconds in which at least one trade was open; overlaps count once. */
function timeInMarket(trades: readonly Trade[], candleMs: number): number {
  let covered = 0;
  let until: Timestamp = -Infinity;
  for (const trade of trades.toSorted((one, other) => one.entryTime - other.entryTime)) {
    const end = trade.exitTime + candleMs;
    if (end <= until) continue;
    covered += end - Math.max(until, trade.entryTime);
    until = end;
  }
  return covered;
}
