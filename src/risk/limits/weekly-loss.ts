import { usdText, type Ratio } from '../../domain/money/money.ts';
import { formatUtc } from '../../domain/time.ts';
import { weekLossOf } from '../state/day-loss.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { share } from './limit.ts';
import type { LimitRule } from './rule.ts';
import { unexplainedText, usedOf, type LossStop } from './stop.ts';

/** Loss of the last 7 days as a fraction of the equity 7 days ago. */
export const weeklyLoss = share({
  label: 'weekly loss',
  standard: '5',
  ceiling: '5',
  tighter: 'lower',
  shown: (value) => `${value} of the equity 7 days ago`,
  meaning:
    'loss of the last 7 days, open positions included; at the limit new trades are paused; deposits and withdrawals are taken out',
  use: 'weekly-loss',
});

interface Needs {
  readonly weeklyLoss: Ratio;
}

/** The loss of the last 7 days must be under its limit; at the limit it is reached. */
export const weeklyLossRule: LimitRule<Needs> = ({ state, equity, limits }) => {
  if (state === undefined || equity === undefined) return undefined;
  const week = weekLossOf(state, equity, limits);
  if (week.loss < week.limit) return undefined;
  const found = {
    limit: `under ${percentText(limits.weeklyLoss)}`,
    observed: percentText(week.fraction),
  };
  const sentence = `The loss of the last 7 days is ${usdText(week.loss)} (${found.observed}); the limit is ${percentText(limits.weeklyLoss)}.`;
  return refuse('weekly-loss-reached', found, sentence);
};

export const weeklyLossStop: LossStop<Needs> = {
  id: 'weekly-loss',
  label: weeklyLoss.label,
  to: 'reduceOnly',
  liftedWhen: 'once the loss of the last 7 days is under its limit',
  byEquity: true,
  rolling: true,
  since: () => 0,
  measure(state, equity, limits) {
    const week = weekLossOf(state, equity, limits);
    const { base } = week;
    const known = base.short
      ? ` Vigil knows the equity since ${formatUtc(base.at)}, so it counts from there.`
      : '';
    return {
      usedPercent: usedOf(week.loss, week.limit),
      tripped: week.loss >= week.limit,
      text: () =>
        `${percentText(week.fraction)} of ${percentText(limits.weeklyLoss)}${base.short ? `, since ${formatUtc(base.at)}` : ''}`,
      sentence: () =>
        `The loss of the last 7 days is ${usdText(week.loss)} = ${percentText(week.fraction)} of ${usdText(base.equity)}; the limit is ${percentText(limits.weeklyLoss)}.${known}${unexplainedText(state)}`,
    };
  },
};
