import { toNumber } from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import { REVERSION } from '../../signals/strategies/band-reversion.ts';
import { rowAt } from '../candles/candle-columns.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { viewAt } from '../candles/snapshot-columns.ts';
import { bracketExit, type ExitReason } from '../trade/fills.ts';
import type { Trade } from '../trade/trade.ts';

/** One event followed on its own, in the prices of the candles: slippage, fees and funding are in `r` alone. */
export interface SignalRow {
  readonly symbol: string;
  readonly side: Side;
  /** Close of the candle at which the condition first held: the open of the next one. */
  readonly eventTime: Timestamp;
  /** Open of the candle it was entered in. */
  readonly entryTime: Timestamp;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  /** Open of the candle it ended in. */
  readonly exitTime: Timestamp;
  readonly exit: number;
  readonly reason: ExitReason;
  /** Result after all costs in parts of what the stop would have cost. */
  readonly r: number;
}

/** The tracked signals, without those that were still open when the data ended: they have no end of their own. */
export function signalRows(
  markets: readonly PortfolioMarket[],
  trades: readonly Trade[],
  parameters: StrategyParameters,
): readonly SignalRow[] {
  const bySymbol = new Map(markets.map((market) => [market.instrument.symbol, market]));
  return trades.flatMap((trade): SignalRow[] => {
    const market = bySymbol.get(trade.symbol);
    if (market === undefined || trade.reason === 'end') return [];
    const row = rowOf(market, trade, parameters);
    return row === undefined ? [] : [row];
  });
}

/** The same of the reference rule, whose trades are in the prices of the candles and whose levels are shares of the entry. */
export const reversionRows = (trades: readonly Trade[]): readonly SignalRow[] =>
  trades.flatMap(
    ({ symbol, side, entryTime, entryPrice, exitTime, exitPrice, reason, pnl, risk }) =>
      reason === 'end'
        ? []
        : [
            {
              symbol,
              side,
              eventTime: entryTime,
              entryTime,
              entry: entryPrice,
              stop: entryPrice * (1 - REVERSION.stop),
              target: entryPrice * (1 + REVERSION.target),
              exitTime,
              exit: exitPrice,
              reason,
              r: pnl / risk,
            },
          ],
  );

function rowOf(
  { columns, instrument }: PortfolioMarket,
  { symbol, side, entryTime, exitTime, reason, pnl, risk }: Trade,
  parameters: StrategyParameters,
): SignalRow | undefined {
  const { candles, strategy } = columns;
  const entered = rowAt(candles, entryTime);
  const view = viewAt(columns, entered - 1);
  const prices = view && strategy.pricesOf({ view, parameters, side }, instrument);
  if (view === undefined || prices === undefined || typeof prices === 'string') return undefined;
  const stop = toNumber(prices.stop);
  const target = toNumber(prices.target);
  const left = rowAt(candles, exitTime);
  const close = candles.close[left] ?? NaN;
  const touch = bracketExit(
    { side, stop, target },
    {
      open: candles.open[left] ?? NaN,
      high: candles.high[left] ?? NaN,
      low: candles.low[left] ?? NaN,
    },
  );
  return {
    symbol,
    side,
    eventTime: view.closedAt,
    entryTime,
    entry: candles.open[entered] ?? NaN,
    stop,
    target,
    exitTime,
    exit: touch?.price ?? close,
    reason,
    r: pnl / risk,
  };
}
