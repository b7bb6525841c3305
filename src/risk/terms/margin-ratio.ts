import {
  add,
  ONE_RATIO,
  ratioOf,
  scaleBy,
  sub,
  sumUsd,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
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

/** The key of all positions in cross margin together. */
const CROSS = 'cross';

/**
 * How much of the margin behind each position is needed as maintenance margin, rounded up: by position id in isolated margin, under
 * "cross" for all others, which have the equity that no isolated position holds. 1 where nothing is left behind it; absent where a risk
 * ladder is unknown. At 1 the exchange liquidates.
 */
export function marginUseOf(
  positions: readonly Position[],
  tiers: ReadonlyMap<string, readonly RiskTier[]>,
  equity: Usd,
): ReadonlyMap<string, Ratio> {
  const use = new Map<string, Ratio>();
  const behind = ({ margin, unrealisedPnl }: Position): Usd => add(margin, unrealisedPnl);
  const isolated = positions.filter(({ marginMode }) => marginMode === 'isolated');
  const cross = positions.filter(({ marginMode }) => marginMode === 'cross');
  const note = (id: string, of: readonly Position[], money: Usd): void => {
    const ratio = money <= 0n ? ONE_RATIO : marginRatioOf(of, tiers, money);
    if (ratio !== undefined) use.set(id, ratio);
  };
  for (const each of isolated) note(each.id, [each], behind(each));
  if (cross.length > 0) note(CROSS, cross, sub(equity, sumUsd(isolated.map(behind))));
  return use;
}
