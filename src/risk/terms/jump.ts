import {
  max,
  mulDiv,
  neg,
  ONE_RATIO,
  sub,
  sumUsd,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import { markOf, type Position, type Side } from '../../domain/position.ts';
import { pnlOfExit, unitLossAtStop, type Costs } from './costs.ts';
import { together, withinMargin, type LossScale } from './heat.ts';
import type { RiskLimits } from './limits.ts';

/** A price moved by a fraction of itself, below 0 downwards; never under 0. */
export const movedBy = (from: Price, by: Ratio): Price =>
  max(mulDiv(from, ONE_RATIO + by, { c: ONE_RATIO, rounding: 'half-even' }) as Price, 0n as Price);

/** Where a price is after a jump of that size against a position of this side. */
export const jumpedPrice = (from: Price, side: Side, by: Ratio): Price =>
  movedBy(from, side === 'long' ? neg(by) : by);

/** Loss of one unit that is bought or sold at `entry` and closed after the jump, fees and slippage of both fills included. */
export const unitLossInJump = (
  trade: { readonly side: Side; readonly entry: Price },
  limits: Costs & Pick<RiskLimits, 'jumpMove'>,
): Price =>
  unitLossAtStop({ ...trade, stop: jumpedPrice(trade.entry, trade.side, limits.jumpMove) }, limits)
    .loss;

/**
 * How far equity falls when the price of this position jumps against it and it is closed there: its stops fill at that price, not at
 * theirs, and no stop makes it less. An isolated one still loses no more than its margin and fee. Undefined: its price is not known.
 */
export function lossInJump(position: Position, costs: Costs, by: Ratio): Usd | undefined {
  const mark = markOf(position);
  if (mark === undefined || mark <= 0n) return undefined;
  const pnl = pnlOfExit(position, jumpedPrice(mark, position.side, by), costs);
  return max(sub(position.unrealisedPnl, withinMargin(position, pnl, costs)), ZERO_USD);
}

/** The same for all positions, every price at once; cross ones take no more than all equity. Undefined: one is not known. */
export function lossInJumpOf(
  positions: readonly Position[],
  { equity, costs }: LossScale,
  by: Ratio,
): Usd | undefined {
  const sum = (mode: Position['marginMode']): Usd | undefined => {
    const losses = positions
      .filter((each) => each.marginMode === mode)
      .map((each) => lossInJump(each, costs, by));
    return losses.includes(undefined) ? undefined : sumUsd(losses as Usd[]);
  };
  const [isolated, cross] = [sum('isolated'), sum('cross')];
  return isolated === undefined || cross === undefined
    ? undefined
    : together(isolated, cross, equity);
}
