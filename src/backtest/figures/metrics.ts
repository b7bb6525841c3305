import { DAY, type Timestamp } from '../../domain/time.ts';
import { dailyReturns, maxDrawdown, type Drawdown, type EquityPoint } from './equity.ts';
import { deviationOf, meanOf, wilson, type MeanInterval, type Proportion } from './statistics.ts';
import { meanR, type Trade } from '../trade/trade.ts';

/** Below this many trades no rate is a finding. */
export const MIN_TRADES = 30;
const DAYS_A_YEAR = 365;
/** A yearly rate of less than this many days would be a guess. */
const MIN_DAYS_FOR_YEARLY = 90;
/** Less is the rounding of doubles, not a risk. */
const LEAST_DEVIATION = 1e-12;

/** Figures that can be without a meaning. */
export type UncertainFigure =
  | 'cagr'
  | 'sharpe'
  | 'sortino'
  | 'calmar'
  | 'profitFactor'
  | 'expectancyInterval'
  | 'perTrade';

/** Undefined where a figure has no meaning; `undefinedBecause` says why, in plain words. */
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
  /** The same over the root mean square of the losing days' returns. */
  readonly sortino: number | undefined;
  /** Days that the two are computed from. */
  readonly days: number;
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
  readonly meanCandles: number | undefined;
  /** Means of the greatest move against and for a trade, as fractions of entry. */
  readonly meanMae: number | undefined;
  readonly meanMfe: number | undefined;
  readonly undefinedBecause: Readonly<Partial<Record<UncertainFigure, string>>>;
}

export interface MetricsInput {
  readonly trades: readonly Trade[];
  readonly equity: readonly EquityPoint[];
  /** Length of a symbol's candles. */
  readonly candleMs: (symbol: string) => number;
}

export function metricsOf({ trades, equity, candleMs }: MetricsInput): Metrics {
  const startEquity = equity[0]?.equity ?? NaN;
  const endEquity = equity.at(-1)?.equity ?? NaN;
  const from = equity[0]?.at ?? NaN;
  const to = equity.at(-1)?.at ?? NaN;
  const drawdown = maxDrawdown(equity);
  const returns = dailyReturns(equity);
  const cagr = cagrOf(endEquity / startEquity, (to - from) / DAY);
  const [sharpe, sortino] = dailyRatios(returns);
  const calmar = calmarOf(cagr, drawdown);
  const profitFactor = profitFactorOf(trades);
  const expectancyR = meanR(trades);
  const byExit = trades.toSorted((one, other) => one.exitTime - other.exitTime);
  const mean = (figure: (trade: Trade) => number): number | undefined =>
    trades.length === 0 ? undefined : meanOf(trades.map(figure));
  return {
    trades: trades.length,
    startEquity,
    endEquity,
    totalReturn: endEquity / startEquity - 1,
    cagr: known(cagr),
    maxDrawdown: drawdown,
    sharpe: known(sharpe),
    sortino: known(sortino),
    days: returns.length,
    calmar: known(calmar),
    profitFactor: known(profitFactor),
    expectancyR,
    winRate: wilson(trades.filter((trade) => trade.pnl > 0).length, trades.length),
    exposure: to > from ? Math.min(1, timeInMarket(trades, candleMs) / (to - from)) : 0,
    longestWinStreak: longestRun(byExit, (trade) => trade.pnl > 0),
    longestLossStreak: longestRun(byExit, (trade) => trade.pnl < 0),
    netPnl: sumOf(trades, (trade) => trade.pnl),
    fees: sumOf(trades, (trade) => trade.fees),
    funding: sumOf(trades, (trade) => trade.funding),
    meanCandles: mean((trade) => trade.candles),
    meanMae: mean((trade) => trade.mae),
    meanMfe: mean((trade) => trade.mfe),
    undefinedBecause: reasonsOf({
      cagr,
      sharpe,
      sortino,
      calmar,
      profitFactor,
      expectancyInterval: intervalFault(expectancyR),
      perTrade: trades.length === 0 ? 'no trade' : 0,
    }),
  };
}

/** A figure, or why there is none. */
type Maybe = number | string;

const known = (figure: Maybe): number | undefined =>
  typeof figure === 'number' ? figure : undefined;

const reasonsOf = (
  figures: Readonly<Record<UncertainFigure, Maybe>>,
): Metrics['undefinedBecause'] =>
  Object.fromEntries(Object.entries(figures).filter(([, figure]) => typeof figure === 'string'));

function cagrOf(growth: number, days: number): Maybe {
  if (!(days >= MIN_DAYS_FOR_YEARLY)) return `fewer than ${MIN_DAYS_FOR_YEARLY} days`;
  return growth > 0 ? growth ** (DAYS_A_YEAR / days) - 1 : 'no equity is left';
}

function dailyRatios(returns: readonly number[]): readonly [Maybe, Maybe] {
  if (returns.length < 2) return ['fewer than 2 days', 'fewer than 2 days'];
  const mean = meanOf(returns);
  const deviation = deviationOf(returns);
  const below = Math.sqrt(meanOf(returns.map((each) => Math.min(0, each) ** 2)));
  const yearly = Math.sqrt(DAYS_A_YEAR);
  return [
    deviation > LEAST_DEVIATION
      ? (mean / deviation) * yearly
      : 'equity did not vary from day to day',
    below > 0 ? (mean / below) * yearly : 'no losing day',
  ];
}

function calmarOf(cagr: Maybe, drawdown: Drawdown | undefined): Maybe {
  if (typeof cagr === 'string') return cagr;
  if (drawdown === undefined || drawdown.depth === 0) return 'no drawdown';
  return cagr / drawdown.depth;
}

function profitFactorOf(trades: readonly Trade[]): Maybe {
  if (trades.length === 0) return 'no trade';
  const profits = sumOf(trades, (trade) => Math.max(0, trade.pnl));
  const losses = sumOf(trades, (trade) => Math.max(0, -trade.pnl));
  return losses > 0 ? profits / losses : 'no losing trade';
}

function intervalFault({ n, low }: MeanInterval): Maybe {
  if (n === 0) return 'no trade';
  return Number.isNaN(low) ? 'all trades began on one day' : 0;
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
function timeInMarket(trades: readonly Trade[], candleMs: MetricsInput['candleMs']): number {
  let covered = 0;
  let until: Timestamp = -Infinity;
  for (const trade of trades.toSorted((one, other) => one.entryTime - other.entryTime)) {
    const end = trade.exitTime + candleMs(trade.symbol);
    if (end <= until) continue;
    covered += end - Math.max(until, trade.entryTime);
    until = end;
  }
  return covered;
}
