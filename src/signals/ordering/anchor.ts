import type { Instrument } from '../../domain/instrument.ts';
import {
  add,
  min,
  mulDiv,
  ONE_RATIO,
  percent,
  ratioFromNumber,
  ratioOf,
  roundToStep,
  scaleBy,
  sub,
  type Price,
  type Ratio,
} from '../../domain/money/money.ts';
import { distance } from '../../domain/position.ts';
import type { Signal } from '../../domain/signal.ts';
import type { TradePrices } from '../levels.ts';
import { ROUND_TRIP } from '../channel/prices.ts';
import { strategyNamed } from '../strategies/list.ts';

/** How far the price may run away between the card and the order, as a fraction of it: the target pays for it beforehand. */
const ANCHOR_ROOM = percent('0.3');
const COSTS = ratioFromNumber(ROUND_TRIP);

interface Now {
  /** Mark price of this moment. */
  readonly mark: Price;
  readonly instrument: Pick<Instrument, 'tick'>;
  readonly limits: { readonly maxStop: Ratio };
}

/** Whether stop and target of a signal move with the price to the card that is confirmed. */
export const anchorsToMark = ({ strategy }: Pick<Signal, 'strategy'>): boolean =>
  strategyNamed(strategy)?.anchorsToMark === true;

/**
 * Stop and target as they are ordered at the price of now, for a strategy that moves them with it: the stop as far away as the
 * signal's, at most the greatest stop less the room; the target where 2 R are left after costs and after that room, 2 (S + 0.3 %) +
 * 0.66 %. Stop and target are rounded away from the mark, a stop at its cap towards it. Undefined where the strategy leaves them as
 * its signal says, and where no sound prices exist: then the signal's own are judged.
 */
export function anchored(
  { strategy, side, entry, stop }: Pick<Signal, 'strategy' | 'side' | 'entry' | 'stop'>,
  { mark, instrument: { tick }, limits: { maxStop } }: Now,
): TradePrices | undefined {
  const own = strategyNamed(strategy);
  if (own?.anchorsToMark !== true) return undefined;
  const planned = ratioOf(distance(entry, stop), entry, 'half-even');
  const most = sub(maxStop, ANCHOR_ROOM);
  const isCapped = planned > most;
  const away = min(planned, most);
  const times = ratioFromNumber(own.parameters.targetStops);
  const gain = add(scaleBy(add(away, add(ANCHOR_ROOM, COSTS)), times, 'up'), COSTS);
  const [towardsStop, towardsTarget] = side === 'short' ? [1n, -1n] : [-1n, 1n];
  const outwards = side === 'short' ? 'up' : 'down';
  const inwards = side === 'short' ? 'down' : 'up';
  const level = (share: Ratio, sign: bigint, rounding: 'up' | 'down'): Price => {
    const exact = mulDiv(mark, ONE_RATIO + sign * share, { c: ONE_RATIO, rounding });
    return roundToStep(exact as Price, tick, rounding);
  };
  const moved = level(away, towardsStop, isCapped ? inwards : outwards);
  const target = level(gain, towardsTarget, inwards);
  const isSound =
    side === 'short'
      ? target > 0n && target < mark && mark < moved
      : moved > 0n && moved < mark && mark < target;
  return isSound ? { entry: mark, stop: moved, target } : undefined;
}
