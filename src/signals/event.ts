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
  const request = wanted(strategy, view, parameters);
  return request && isNew(strategy, { parameters, side: request.side }, earlier)
    ? request
    : undefined;
}

/** What the condition asks for on a candle on which enough was traded, new or not. */
export function wanted<V extends View>(
  strategy: Strategy<V>,
  view: V,
  parameters: StrategyParameters,
): EntryRequest | undefined {
  return view.dayTurnover < parameters.minDayTurnover
    ? undefined
    : strategy.decide(view, parameters);
}

/** Whether the condition held for that side on none of the candles before. */
export function isNew<V extends View>(
  strategy: Strategy<V>,
  asked: { readonly parameters: StrategyParameters; readonly side: Side },
  earlier: Earlier<V>,
): boolean {
  for (let back = 1; back <= strategy.quietFor; back += 1) {
    const before = earlier(back);
    if (before === undefined || stood(strategy, before, asked)) return false;
  }
  return true;
}

const stood = <V extends View>(
  strategy: Strategy<V>,
  before: V,
  { parameters, side }: { readonly parameters: StrategyParameters; readonly side: Side },
): boolean =>
  strategy.stood?.(before, parameters, side) ?? strategy.decide(before, parameters)?.side === side;
