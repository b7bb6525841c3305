import type { RiskTier } from '../../domain/instrument.ts';
import {
  add,
  mulDiv,
  ONE_RATIO,
  roundToStep,
  scaleBy,
  sub,
  ZERO_RATIO,
  type Price,
  type Qty,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import { tierFor } from '../../risk/terms/liquidation.ts';

/** Where the exchange takes an isolated position over. Both on the tick. */
export interface LiquidationLine {
  /** From this mark price on. */
  readonly at: Price;
  /** Where its whole margin is lost: it is never closed at a worse price. */
  readonly bankrupt: Price;
}

export interface Backed {
  readonly side: Side;
  readonly qty: Qty;
  /** What the position cost. */
  readonly cost: Usd;
  readonly margin: Usd;
}

/**
 * Margin and open profit together equal the maintenance margin of the cost's step of the ladder. Long: (cost - margin) ÷
 * (quantity × (1 - rate)), short: (cost + margin) ÷ (quantity × (1 + rate)). Undefined where no price above 0 does it.
 */
export function liquidationLine(
  { side, qty, cost, margin }: Backed,
  tiers: readonly RiskTier[],
  tick: Price,
): LiquidationLine | undefined {
  const rate = (tierFor(cost, tiers) ?? tiers.at(-1))?.maintenanceRate ?? ZERO_RATIO;
  const long = side === 'long';
  const left = long ? sub(cost, margin) : add(cost, margin);
  if (left <= 0n) return undefined;
  const share = (long ? ONE_RATIO - rate : ONE_RATIO + rate) as Ratio;
  const priceOf = (amount: Qty, rounding: 'up' | 'down'): Price =>
    roundToStep(mulDiv(left, ONE_RATIO, { c: amount, rounding }) as Price, tick, rounding);
  return long
    ? { at: priceOf(scaleBy(qty, share, 'half-even'), 'down'), bankrupt: priceOf(qty, 'up') }
    : { at: priceOf(scaleBy(qty, share, 'half-even'), 'up'), bankrupt: priceOf(qty, 'down') };
}
