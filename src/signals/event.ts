import type { Side } from '../domain/position.ts';
import type { StrategyParameters } from './parameters.ts';
import type { EntryRequest, Strategy, View } from './strategy.ts';

/** The view that many used candles before the one that is asked about; undefined where there was none. */
export type Earlier<V> = (candles: number) => V | undefined;

/**
 * What the strategy wants on a candle: its condition stands there, on none of the candles before it that it must be new against,
 * and enough was traded in 24 h. An earlier candle that is not known says nothing, so that there is no event.
 */
export function eventOf<V extends View>(
  strategy: Strategy<V>,
  { view, earlier }: { readonly view: V; readonly earlier: Earlier<V> },
  parameters: StrategyParameters,
): EntryRequest | undefined {
  const request = strategy.decide(view, parameters);
  if (request === undefined || view.dayTurnover < parameters.minDayTurnover) return undefined;
  for (let back = 1; back <= strategy.quietFor; back += 1) {
    const before = earlier(back);
    if (before === undefined || stood(strategy, before, { parameters, side: request.side })) {
      return undefined;
    }
  }
  return request;
}

const stood = <V extends View>(
  strategy: Strategy<V>,
  before: V,
  { parameters, side }: { readonly parameters: StrategyParameters; readonly side: Side },
): boolean =>
  strategy.stood?.(before, parameters, side) ?? strategy.decide(before, parameters)?.side === side;
