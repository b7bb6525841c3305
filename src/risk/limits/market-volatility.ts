import { marketTriggers } from '../stop/triggers.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Bitcoin's 1 h ATR against its 30-day median: while the whole market is wild, no entry. */
export const marketVolatility: LimitRule = ({ market, limits }) => {
  if (market === 'not judged') return undefined;
  const found = marketTriggers(market, limits).find((each) => each.id === 'volatility');
  if (found?.tripped !== true) return undefined;
  const texts = {
    limit: `at most ${limits.volatilityMultiple}x its median`,
    observed: `${found.usedPercent} % of that`,
  };
  return refuse('market-too-wild', texts, found.sentence);
};
