import type { Instrument } from '../../domain/instrument.ts';
import { priceFromNumber } from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import type { TradePrices } from '../levels.ts';
import type { StrategyParameters } from '../parameters.ts';
import type { View } from '../strategy.ts';

/** Fee of 0.06 % and slippage of 0.05 % on each side, as a fraction of the price: what the target has to earn on top. */
export const ROUND_TRIP = 0.0022;

/** 2 ATR as a fraction of the close, before any cap. */
export const usualStop = ({ close, atr }: View, { stopAtrs }: StrategyParameters): number =>
  (stopAtrs * atr) / close;

/** The stop's distance as a fraction of the close: 2 ATR, within its least and its greatest. */
export const stopDistance = (view: View, parameters: StrategyParameters): number =>
  Math.min(Math.max(usualStop(view, parameters), parameters.minStop), parameters.maxStop);

/** All that the parameters are to `channelPrices` of this view: the same text, the same prices. */
export function levelsBy({ view, parameters }: ChannelQuestion): string {
  const distance = stopDistance(view, parameters);
  return `${distance},${distance === parameters.maxStop},${parameters.targetStops}`;
}

/** Whether 2 ATR sets the stop, and not the cap. */
export const isClean = (view: View, parameters: StrategyParameters): boolean =>
  usualStop(view, parameters) <= parameters.maxStop;

/**
 * Stop and target from the close: the target lies where 2 R are left after costs, 2 S + 0.66 %. Both are rounded away from the close;
 * a stop at its cap towards it, so that the cap holds. A text says why there are none.
 */
export function channelPrices(
  { view, parameters, side }: ChannelQuestion,
  { tick }: Pick<Instrument, 'tick'>,
): TradePrices | string {
  const { close } = view;
  const distance = stopDistance(view, parameters);
  const gain = parameters.targetStops * (distance + ROUND_TRIP) + ROUND_TRIP;
  const [towardsStop, towardsTarget] = side === 'short' ? [1, -1] : [-1, 1];
  const isCapped = distance === parameters.maxStop;
  const entry = priceFromNumber(close, tick, 'half-even');
  const stop = priceFromNumber(
    close * (1 + towardsStop * distance),
    tick,
    (side === 'short') === isCapped ? 'down' : 'up',
  );
  const target = priceFromNumber(
    close * (1 + towardsTarget * gain),
    tick,
    side === 'short' ? 'down' : 'up',
  );
  const [low, high] = side === 'short' ? [target, stop] : [stop, target];
  return low > 0n && low < entry && entry < high
    ? { entry, stop, target }
    : 'the price is too near to one tick';
}

interface ChannelQuestion {
  readonly view: View;
  readonly parameters: StrategyParameters;
  readonly side: Side;
}
