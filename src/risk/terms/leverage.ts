/** Most leverage up to this 1 h ATR as a fraction of price, calmest first. */
const STEPS = [
  { atrUpTo: 0.0075, leverage: 5 },
  { atrUpTo: 0.01, leverage: 4 },
  { atrUpTo: 0.015, leverage: 3 },
  { atrUpTo: 0.025, leverage: 2 },
] as const;

/**
 * Leverage to suggest: 1 to 5, falling as volatility rises, never above `most`. The steps are what 1.5 % risk with a stop
 * of two ATR needs inside a margin of 20 % of equity: more leverage than that would only bring liquidation closer. A wild
 * or unreadable ATR (not a positive number) suggests 1.
 */
export function suggestLeverage(atrFraction: number, most: number): number {
  if (!(atrFraction > 0)) return 1;
  const step = STEPS.find((each) => atrFraction <= each.atrUpTo);
  return Math.max(1, Math.min(step?.leverage ?? 1, Math.floor(most)));
}
