import {
  add,
  divideBy,
  mulDiv,
  ONE_RATIO,
  scaleBy,
  sub,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import type { RiskTier } from '../../domain/instrument.ts';
import { distance, stopReached, type Side } from '../../domain/position.ts';

/**
 * Estimated liquidation price of an isolated position. BitUnix publishes no formula and two readings exist, maintenance taken
 * at entry value or at the value at liquidation; this is the one nearer to entry, rounded towards entry.
 * Long: entry × (1 + mmr - 1/leverage). Short: entry × (1 + 1/leverage) ÷ (1 + mmr).
 */
export function liquidationEstimate(
  trade: { readonly side: Side; readonly entry: Price; readonly leverage: number },
  maintenanceRate: Ratio,
): Price {
  const { entry, leverage } = trade;
  if (trade.side === 'long') {
    const kept = sub(entry, divideBy(entry, leverage, 'down'));
    return add(kept, scaleBy(entry, maintenanceRate, 'up'));
  }
  const reach = add(entry, divideBy(entry, leverage, 'down'));
  return mulDiv(reach, ONE_RATIO, { c: ONE_RATIO + maintenanceRate, rounding: 'down' }) as Price;
}

/** The step of the exchange's risk ladder that holds this notional; undefined above the last one or without a ladder. */
export function tierFor(notional: Usd, tiers: readonly RiskTier[]): RiskTier | undefined {
  let found: RiskTier | undefined;
  for (const tier of tiers) {
    if (notional <= tier.to && (found === undefined || tier.to < found.to)) found = tier;
  }
  return found;
}

/** Whether liquidation at this price is no further from entry than `multiple` (three decimals count) stop distances. */
export function liquidationTooClose(
  trade: { readonly side: Side; readonly entry: Price; readonly stop: Price },
  liquidation: Price,
  multiple: number,
): boolean {
  const { side, entry, stop } = trade;
  if (stopReached(side, liquidation, entry)) return true;
  // Compared in thousandths, so that a limit such as 2.5 stays exact.
  const thousandths = BigInt(Math.ceil(multiple * 1_000));
  return distance(entry, liquidation) * 1_000n <= distance(entry, stop) * thousandths;
}

/** The largest notional up to which every step of the ladder fits; 0 when the first does not. */
export function ladderCapacity(tiers: readonly RiskTier[], fits: (tier: RiskTier) => boolean): Usd {
  let most = ZERO_USD;
  for (const tier of tiers.toSorted((a, b) => (a.to < b.to ? -1 : 1))) {
    if (!fits(tier)) break;
    most = tier.to;
  }
  return most;
}

/** The largest notional whose liquidation stays further from entry than `multiple` stop distances, step by step of the ladder. */
export const capacityBeforeLiquidation = (
  trade: {
    readonly side: Side;
    readonly entry: Price;
    readonly stop: Price;
    readonly leverage: number;
  },
  tiers: readonly RiskTier[],
  multiple: number,
): Usd =>
  ladderCapacity(
    tiers,
    ({ maintenanceRate }) =>
      !liquidationTooClose(trade, liquidationEstimate(trade, maintenanceRate), multiple),
  );

/** Where a trade of that notional is liquidated; undefined where no step of the ladder holds it. */
export function liquidationOf(
  trade: { readonly side: Side; readonly entry: Price; readonly leverage: number },
  notional: Usd,
  tiers: readonly RiskTier[],
): Price | undefined {
  const tier = tierFor(notional, tiers);
  return tier === undefined ? undefined : liquidationEstimate(trade, tier.maintenanceRate);
}
