import type { Side } from '../../domain/position.ts';
import { dayStart, type Timestamp } from '../../domain/time.ts';
import type { ExitReason } from './fills.ts';
import { meanInterval, type MeanInterval } from '../figures/statistics.ts';

/** One finished trade of a backtest. Money in the quote currency. */
export interface Trade {
  readonly symbol: string;
  readonly side: Side;
  /** Open time of the candle it was entered in. */
  readonly entryTime: Timestamp;
  readonly entryPrice: number;
  /** Open time of the candle it ended in. */
  readonly exitTime: Timestamp;
  readonly exitPrice: number;
  readonly quantity: number;
  /** Of both legs, a cost: 0 or more. */
  readonly fees: number;
  /** Negative when paid. */
  readonly funding: number;
  /** After fees and funding. */
  readonly pnl: number;
  readonly reason: ExitReason;
  /** What the stop would have cost with fees, above 0: one R. */
  readonly risk: number;
  readonly candles: number;
  /** Greatest move against and for the trade while it was open, as fractions of the entry price. */
  readonly mae: number;
  readonly mfe: number;
  readonly category: string;
  /** Score of the signal; undefined for entries without one. */
  readonly score?: number;
}

/** By entry time, then symbol: the order in which trades are listed and hashed. */
export const byEntry = (one: Trade, other: Trade): number =>
  one.entryTime - other.entryTime || (one.symbol < other.symbol ? -1 : 1);

/** The trades of each symbol, in their order. */
export function bySymbol(trades: readonly Trade[]): ReadonlyMap<string, readonly Trade[]> {
  const found = new Map<string, Trade[]>();
  for (const trade of trades) {
    const own = found.get(trade.symbol);
    if (own === undefined) found.set(trade.symbol, [trade]);
    else own.push(trade);
  }
  return found;
}

/**
 * The trades as text, one a line: equal texts mean equal trades to the last digit of a double. The published hash of a run is
 * the SHA-256 of this text.
 */
export const tradesText = (trades: readonly Trade[]): string =>
  trades
    .map((trade) =>
      [
        trade.symbol,
        trade.side,
        trade.entryTime,
        trade.entryPrice,
        trade.exitTime,
        trade.exitPrice,
        trade.quantity,
        trade.fees,
        trade.funding,
        trade.pnl,
        trade.reason,
      ].join(','),
    )
    .join('\n');

/** How far the price went for and against an open trade. The candle it ends in counts only up to the exit. */
export interface Excursion {
  worst: number;
  best: number;
}

export function widen(excursion: Excursion, low: number, high: number): void {
  if (low < excursion.worst) excursion.worst = low;
  if (high > excursion.best) excursion.best = high;
}

/** MAE and MFE as fractions of entry, 0 or more. */
export function excursionOf(
  { worst, best }: Excursion,
  side: Side,
  entry: number,
): { readonly mae: number; readonly mfe: number } {
  const down = Math.max(0, (entry - worst) / entry);
  const up = Math.max(0, (best - entry) / entry);
  return side === 'long' ? { mae: down, mfe: up } : { mae: up, mfe: down };
}

/** Mean result in R with its 95 % interval. Trades entered on one UTC day are one cluster: their markets move together. */
export const meanR = (trades: readonly Trade[]): MeanInterval =>
  meanInterval(
    trades.map((trade) => ({ value: trade.pnl / trade.risk, cluster: dayStart(trade.entryTime) })),
  );
