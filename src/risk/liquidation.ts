import {
  add,
  divideBy,
  mulDiv,
  ONE_RATIO,
  scaleBy,
  sub,
  type Price,
  type Ratio,
  type Usd,
} from '../domain/money.ts';
import type { RiskTier } from '../domain/instrument.ts';
import type { Side } from '../domain/position.ts';

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

/** The largest notional that the ladder allows at this leverage; 0 when no step allows it. */
export function tierCapacity(leverage: number, tiers: readonly RiskTier[]): Usd {
  let most = 0n;
  for (const tier of tiers) if (tier.maxLeverage >= leverage && tier.to > most) most = tier.to;
  return most as Usd;
}
