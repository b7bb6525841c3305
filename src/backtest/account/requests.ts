import type { Signal } from '../../domain/signal.ts';
import { signalOf } from '../../signals/evaluate.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import type { View, EntryRequest } from '../../signals/strategy.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { eventAt, viewAt } from '../candles/snapshot-columns.ts';

/** What the strategy wants; its prices are worked out only when somebody may trade at all. */
export interface MarketRequest extends EntryRequest {
  readonly market: PortfolioMarket;
  /** Of the candle that closed. */
  readonly row: number;
  readonly view: View;
}

/** What the strategy wants of one market on the candle in row `row`. */
export function requestAt(
  market: PortfolioMarket,
  row: number,
  parameters: StrategyParameters,
): MarketRequest | undefined {
  const request = eventAt(market.columns, row, parameters);
  const view = request && viewAt(market.columns, row);
  return view && request && { market, row, view, ...request };
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
