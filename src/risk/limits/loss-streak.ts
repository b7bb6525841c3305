import { countText } from '../../domain/words/words.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Losing trades in a row. */
export const lossStreak: LimitRule = ({ state, limits }) => {
  if (state === undefined || state.lossStreak < limits.lossStreak) return undefined;
  const found = { limit: `under ${limits.lossStreak}`, observed: `${state.lossStreak}` };
  const sentence = `${countText(state.lossStreak, 'trade')} in a row lost; at ${limits.lossStreak} new trades are paused.`;
  return refuse('loss-streak-reached', found, sentence);
};
