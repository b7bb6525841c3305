import { DAY } from '../../domain/time.ts';
import { countText } from '../../domain/words/words.ts';
import { refuse } from '../terms/refusal.ts';
import { count, time } from './limit.ts';
import type { LimitRule } from './rule.ts';
import type { LossStop } from './stop.ts';

export const lossStreak = count({
  label: 'losses in a row',
  standard: 5,
  noun: 'closed trade',
  tighter: 'lower',
  meaning: 'net of all costs',
  use: 'loss-streak',
});

export const lossStreakCoolOffMs = time({
  label: 'pause after losses in a row',
  standard: DAY,
  tighter: 'higher',
  meaning: 'no entries in that time',
});

interface Needs {
  readonly lossStreak: number;
}

/** Losing trades in a row. */
export const lossStreakRule: LimitRule<Needs> = ({ state, limits }) => {
  if (state === undefined || state.lossStreak < limits.lossStreak) return undefined;
  const found = { limit: `under ${limits.lossStreak}`, observed: `${state.lossStreak}` };
  const sentence = `${countText(state.lossStreak, 'trade')} in a row lost; at ${limits.lossStreak} new trades are paused.`;
  return refuse('loss-streak-reached', found, sentence);
};

export const lossStreakStop: LossStop<Needs> = {
  id: 'loss-streak',
  label: lossStreak.label,
  to: 'halted',
  liftedWhen: 'after the cool-off',
  byEquity: false,
  measure: (state, _equity, limits) => ({
    usedPercent: Math.floor((state.lossStreak * 100) / Math.max(1, limits.lossStreak)),
    tripped: state.lossStreak >= limits.lossStreak,
    text: () => `${state.lossStreak} of ${limits.lossStreak}`,
    sentence: () =>
      `${countText(state.lossStreak, 'closed trade')} in a row lost money after costs; the limit is ${limits.lossStreak}.`,
    ...(state.coolOffUntil === undefined ? {} : { coolOffUntil: state.coolOffUntil }),
  }),
};
