import { MINUTE } from '../../domain/time.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';

/**
 * The limits for a venue clock that runs `speed` times as fast as the wall's. Ages of data are about cables and machines, which
 * do not get faster in a demo, so they are stretched; money limits and trading hours stay as they are.
 */
export function limitsAtSpeed(limits: RiskLimits, speed: number): RiskLimits {
  if (speed <= 1) return limits;
  return {
    ...limits,
    accountMaxAgeMs: limits.accountMaxAgeMs * speed,
    priceMaxAgeMs: limits.priceMaxAgeMs * speed,
    signalMaxAgeMs: Math.max(limits.signalMaxAgeMs, 2 * MINUTE * speed),
  };
}
