import { intervalMs } from '../../domain/candle.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { signalOf } from '../../signals/evaluate.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import type { View, EntryRequest } from '../../signals/strategy.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { eventAt, viewAt } from '../candles/snapshot-columns.ts';

/** What the strategy wants; its prices are worked out only when somebody may trade at all. */
export interface MarketRequest extends EntryRequest {
  readonly market: PortfolioMarket;
  readonly view: View;
}

/** What the strategy wants of one market on the candle in row `row`, when that row closed at `at`. */
export function requestOf(
  market: PortfolioMarket,
  { at, row }: { readonly at: Timestamp; readonly row: number },
  parameters: StrategyParameters,
): MarketRequest | undefined {
  const { candles, strategy } = market.columns;
  if (candles.time[row] !== at - intervalMs(strategy.interval)) return undefined;
  const view = viewAt(market.columns, row);
  const request = eventAt(market.columns, row, parameters);
  return view && request && { market, view, ...request };
}

/** The live signal without its words; undefined where no sound prices exist. */
export function requestedSignal(
  { market, view, ...request }: MarketRequest,
  parameters: StrategyParameters,
): Signal | undefined {
  const { instrument, category, columns } = market;
  const { strategy } = columns;
  const signal = signalOf({ strategy, view, instrument, parameters }, request, { category });
  return typeof signal === 'string' ? undefined : signal;
}
