import { usdText } from '../../domain/money/money.ts';
import { drawdownOf } from '../state/day-loss.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The fall from the high-water mark must be under its limit. */
export const drawdown: LimitRule = ({ state, equity, limits }) => {
  if (state === undefined || equity === undefined) return undefined;
  const found = drawdownOf(state, equity, limits);
  if (found.fall < found.limit) return undefined;
  const texts = {
    limit: `under ${percentText(limits.drawdown)}`,
    observed: percentText(found.fraction),
  };
  const sentence = `Equity is ${usdText(found.fall)} (${texts.observed}) under its high; the limit is ${percentText(limits.drawdown)}.`;
  return refuse('drawdown-reached', texts, sentence);
};
