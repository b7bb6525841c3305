import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The volatility must be known: leverage is chosen by it. */
export const volatilityKnown: LimitRule = ({ candidate }) => {
  if (candidate.atrFraction > 0 && Number.isFinite(candidate.atrFraction)) return undefined;
  const found = { limit: 'above 0', observed: `${candidate.atrFraction}` };
  return refuse('volatility-missing', found, 'The volatility (ATR) of this symbol is not known.');
};
