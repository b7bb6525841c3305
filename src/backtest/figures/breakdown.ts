import { HOUR } from '../../domain/time.ts';
import { wilson, type MeanInterval, type Proportion } from './statistics.ts';
import { meanR, type Trade } from '../trade/trade.ts';

/** Trades that share something, counted. */
export interface Group {
  readonly key: string;
  readonly winRate: Proportion;
  readonly expectancyR: MeanInterval;
  readonly netPnl: number;
  /** Sum of results in R. */
  readonly totalR: number;
}

/** Groups in the order in which their keys sort. */
export function breakdown(trades: readonly Trade[], keyOf: (trade: Trade) => string): Group[] {
  const groups = new Map<string, Trade[]>();
  for (const trade of trades) {
    const key = keyOf(trade);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trade]);
    else group.push(trade);
  }
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, members]) => groupOf(key, members));
}

export function groupOf(key: string, trades: readonly Trade[]): Group {
  const results = trades.map((trade) => trade.pnl / trade.risk);
  let netPnl = 0;
  for (const trade of trades) netPnl += trade.pnl;
  return {
    key,
    winRate: wilson(trades.filter((trade) => trade.pnl > 0).length, trades.length),
    expectancyR: meanR(trades),
    netPnl,
    totalR: results.reduce((sum, each) => sum + each, 0),
  };
}

/** Every way in which a result is taken apart. */
export const BREAKDOWNS: Readonly<Record<string, (trade: Trade) => string>> = {
  symbol: (trade) => trade.symbol,
  category: (trade) => trade.category,
  side: (trade) => trade.side,
  'hour of entry, UTC': (trade) => String(hourOf(trade)).padStart(2, '0'),
  'exit reason': (trade) => trade.reason,
};

const hourOf = (trade: Trade): number => Math.floor(trade.entryTime / HOUR) % 24;

/** Bands of the score, lowest first. The highest includes 100. */
export const SCORE_BANDS = [
  { name: '75-79', from: 75, to: 80 },
  { name: '80-84', from: 80, to: 85 },
  { name: '85-89', from: 85, to: 90 },
  { name: '90-94', from: 90, to: 95 },
  { name: '95-100', from: 95, to: 101 },
] as const;
export type ScoreBand = (typeof SCORE_BANDS)[number]['name'] | 'below 75';

export const scoreBandOf = (score: number): ScoreBand =>
  SCORE_BANDS.find((band) => score >= band.from && score < band.to)?.name ?? 'below 75';

/** The record of each score band; bands without a trade are left out, trades without a score too. */
export const byScoreBand = (trades: readonly Trade[]): Group[] =>
  breakdown(
    trades.filter((trade) => trade.score !== undefined),
    (trade) => scoreBandOf(trade.score ?? NaN),
  );
