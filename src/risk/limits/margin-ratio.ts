import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { marketTriggers } from '../stop/triggers.ts';
import type { LimitRule } from './rule.ts';

/** Maintenance margin ÷ equity must be under its limit: near 100 % the exchange closes positions. */
export const marginRatio: LimitRule = ({ market, limits }) => {
  if (market === 'not judged' || market.marginRatio === undefined) return undefined;
  const found = marketTriggers(market, limits).find((each) => each.id === 'margin-ratio');
  if (found?.tripped !== true) return undefined;
  const texts = {
    limit: `under ${percentText(limits.maxMarginRatio)}`,
    observed: percentText(market.marginRatio),
  };
  return refuse('margin-ratio-reached', texts, found.sentence);
};
