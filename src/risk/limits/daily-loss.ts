import { usdText, type Ratio } from '../../domain/money/money.ts';
import { DAY } from '../../domain/time.ts';
import { dayLossOf } from '../state/day-loss.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { share, time } from './limit.ts';
import type { LimitRule } from './rule.ts';
import { unexplainedText, usedOf, type LossStop } from './stop.ts';

/** Loss of the day as a fraction of the equity at the day's start. */
export const dailyLoss = share({
  label: 'daily loss',
  standard: '3',
  ceiling: '3',
  tighter: 'lower',
  shown: (value) => `${value} of the day's first equity`,
  meaning:
    'realised and open loss, fees and funding; a gain never trips it; deposits are taken out',
  use: 'daily-loss',
});

/** Hour of the day's start after 00:00 UTC. */
export const dayStartOffsetMs = {
  ...time({
    label: 'day starts',
    standard: 0,
    tighter: 'either',
    shown: (value) => `${value} after 00:00 UTC`,
    meaning: 'when the daily figures begin anew',
  }),
  allowed: {
    text: 'from 0 h to under 24 h',
    holds: (value: number) => value >= 0 && value < DAY,
  },
};

interface Needs {
  readonly dailyLoss: Ratio;
}

/** The day's loss must be under its limit; at the limit it is reached. */
export const dailyLossRule: LimitRule<Needs> = ({ state, equity, limits }) => {
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

export const dailyLossStop: LossStop<Needs> = {
  id: 'daily-loss',
  label: dailyLoss.label,
  to: 'halted',
  liftedWhen: 'once a new day has begun or the loss is under its limit',
  byEquity: true,
  since: (state) => state.dayStart,
  policy: 'the daily loss reaches its limit',
  measure(state, equity, limits) {
    const day = dayLossOf(state, equity, limits);
    return {
      usedPercent: usedOf(day.loss, day.limit),
      tripped: day.loss >= day.limit,
      text: () => `${percentText(day.fraction)} of ${percentText(limits.dailyLoss)}`,
      sentence: () =>
        `Today's loss is ${usdText(day.loss)} = ${percentText(day.fraction)} of ${usdText(state.dayStartEquity)}; the limit is ${percentText(limits.dailyLoss)}.${unexplainedText(state)}`,
    };
  },
};
