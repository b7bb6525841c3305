import { ratioOf, scaleBy, sumUsd, type Ratio, type Usd } from '../../domain/money/money.ts';
import type { RiskTier } from '../../domain/instrument.ts';
import type { Position } from '../../domain/position.ts';
import { tierFor } from './liquidation.ts';
import { valueOf } from '../../domain/position.ts';

/**
 * Maintenance margin of all positions ÷ equity, rounded up. Undefined when a position's risk ladder is unknown or equity is not
 * above 0: it is never guessed.
 */
export function marginRatioOf(
  positions: readonly Position[],
  tiers: ReadonlyMap<string, readonly RiskTier[]>,
  equity: Usd,
): Ratio | undefined {
  if (equity <= 0n) return undefined;
  const needed: Usd[] = [];
  for (const position of positions) {
    const value = valueOf(position);
    const tier = tierFor(value, tiers.get(position.symbol) ?? []);
    if (tier === undefined) return undefined;
    needed.push(scaleBy(value, tier.maintenanceRate, 'up'));
  }
  return ratioOf(sumUsd(needed), equity, 'up');
}
