import { abs, roundToStep, scaleBy, sub, times, type Price } from '../../domain/money/money.ts';
import type { Level } from '../../domain/own-action.ts';
import { towardsLoss, towardsProfit, type Side } from '../../domain/position.ts';

/** A level further than this from the price of now is a slip of the finger. */
export const FAR_PERCENT = 50;

export const isFar = (level: Price, mark: Price): boolean =>
  times(abs(sub(level, mark)), 100) > times(mark, FAR_PERCENT);

/** The tick nearest to what was asked for: a price, or so far from the price of now on the side where a position loses or gains. */
export function askedLevel(
  at: Level,
  way: 'loss' | 'profit',
  { side, mark, tick }: { readonly side: Side; readonly mark: Price; readonly tick: Price },
): Price {
  if ('price' in at) return roundToStep(at.price, tick, 'half-even');
  const away = scaleBy(mark, at.away, 'half-even');
  const level = way === 'loss' ? towardsLoss(mark, away, side) : towardsProfit(mark, away, side);
  return roundToStep(level, tick, 'half-even');
}
