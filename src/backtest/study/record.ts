import type { StrategyParameters } from '../../signals/parameters.ts';
import { DAY, formatUtc, weekStart, type Timestamp } from '../../domain/time.ts';
import { rowAt } from '../candles/candle-columns.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { viewAt } from '../candles/snapshot-columns.ts';
import type { Trade } from '../trade/trade.ts';
import { sideRecords, type SideRecord, type SideResult } from './side-record.ts';

const WEEK = 7 * DAY;

/** What a run measured of its signals: kept in `measured.ts`. */
export interface SignalsRecord {
  readonly sides: readonly SideRecord[];
  /** Number and mean result in R of each year, by entry. */
  readonly years: readonly { readonly year: number; readonly n: number; readonly meanR: number }[];
  /** Sum of the results in R of each week from the first on, Monday to Sunday UTC; null: a week without a signal. */
  readonly weekly: { readonly from: Timestamp; readonly sums: readonly (number | null)[] };
}

/** A followed signal of a run, with whether it was a clean one. */
export function resultsOf(
  markets: readonly PortfolioMarket[],
  trades: readonly Trade[],
  parameters: StrategyParameters,
): readonly SideResult[] {
  const bySymbol = new Map(markets.map((market) => [market.instrument.symbol, market]));
  return trades.flatMap(({ symbol, side, entryTime, reason, pnl, risk }): SideResult[] => {
    if (reason === 'end') return [];
    const columns = bySymbol.get(symbol)?.columns;
    const view = columns && viewAt(columns, rowAt(columns.candles, entryTime) - 1);
    const clean = view && columns.strategy.isClean?.({ view, parameters, side });
    return [{ side, clean, entryTime, target: reason === 'target', r: pnl / risk }];
  });
}

/** The same of the reference rule, which has no clean ones. */
export const reversionResults = (trades: readonly Trade[]): readonly SideResult[] =>
  trades.flatMap(({ side, entryTime, reason, pnl, risk }) =>
    reason === 'end' ? [] : [{ side, entryTime, target: reason === 'target', r: pnl / risk }],
  );

export function recordOfResults(results: readonly SideResult[]): SignalsRecord {
  const byYear = new Map<number, number[]>();
  const byWeek = new Map<Timestamp, number>();
  for (const { entryTime, r } of results) {
    const year = Number(formatUtc(entryTime).slice(0, 4));
    const known = byYear.get(year);
    if (known === undefined) byYear.set(year, [r]);
    else known.push(r);
    const week = weekStart(entryTime);
    byWeek.set(week, (byWeek.get(week) ?? 0) + r);
  }
  const from = Math.min(...byWeek.keys());
  const weeks = byWeek.size === 0 ? 0 : (Math.max(...byWeek.keys()) - from) / WEEK + 1;
  return {
    sides: sideRecords(results),
    years: [...byYear].map(([year, all]) => ({
      year,
      n: all.length,
      meanR: all.reduce((sum, each) => sum + each, 0) / all.length,
    })),
    weekly: {
      from,
      sums: Array.from({ length: weeks }, (_, week) => byWeek.get(from + week * WEEK) ?? null),
    },
  };
}
