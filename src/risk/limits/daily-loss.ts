import { usdText } from '../../domain/money/money.ts';
import { dayLossOf } from '../state/day-loss.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The day's loss must be under its limit; at the limit it is reached. */
export const dailyLoss: LimitRule = ({ state, equity, limits }) => {
  if (state === undefined || equity === undefined) return undefined;
  const day = dayLossOf(state, equity, limits);
  if (day.loss < day.limit) return undefined;
  const found = {
    limit: `under ${percentText(limits.dailyLoss)}`,
    observed: percentText(day.fraction),
  };
  const sentence = `Today's loss is ${usdText(day.loss)} (${found.observed}); the day's limit is ${percentText(limits.dailyLoss)}.`;
  return refuse('daily-loss-reached', found, sentence);
};
