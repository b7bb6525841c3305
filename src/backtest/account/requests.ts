import type { Signal } from '../../domain/signal.ts';
import { signalOf } from '../../signals/evaluate.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import type { View } from '../../signals/strategy.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { eventsOf, viewAt, type RequestAt } from '../candles/snapshot-columns.ts';

/** What the strategy wants; its prices are worked out only when somebody may trade at all. */
export interface MarketRequest extends RequestAt {
  readonly market: PortfolioMarket;
  readonly view: View;
}

/** What the strategy wants of one market, row by row. */
export const requestsIn = (
  market: PortfolioMarket,
  parameters: StrategyParameters,
): readonly MarketRequest[] =>
  eventsOf(market.columns, parameters).flatMap((request) => {
    const view = viewAt(market.columns, request.row);
    return view === undefined ? [] : [{ market, ...request, view }];
  });

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
