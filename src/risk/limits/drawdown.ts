import { usdText, type Ratio } from '../../domain/money/money.ts';
import { drawdownOf } from '../state/day-loss.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { share } from './limit.ts';
import type { LimitRule } from './rule.ts';
import { unexplainedText, usedOf, type LossStop } from './stop.ts';

/** Fall from the high-water mark of equity. */
export const drawdown = share({
  label: 'drawdown',
  standard: '10',
  ceiling: '10',
  tighter: 'lower',
  shown: (value) => `${value} from the high-water mark`,
  meaning: 'survives restarts and new days; deposits and withdrawals are taken out',
  use: 'drawdown',
});

interface Needs {
  readonly drawdown: Ratio;
}

/** The fall from the high-water mark must be under its limit. */
export const drawdownRule: LimitRule<Needs> = ({ state, equity, limits }) => {
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

export const drawdownStop: LossStop<Needs> = {
  id: 'drawdown',
  label: drawdown.label,
  to: 'halted',
  liftedWhen: 'once equity has recovered',
  byEquity: true,
  since: () => 0,
  policy: 'the drawdown reaches its limit',
  measure(state, equity, limits) {
    const found = drawdownOf(state, equity, limits);
    return {
      usedPercent: usedOf(found.fall, found.limit),
      tripped: found.fall >= found.limit,
      text: () => `${percentText(found.fraction)} of ${percentText(limits.drawdown)}`,
      sentence: () =>
        `Equity is ${usdText(equity)}, ${percentText(found.fraction)} under its high of ${usdText(state.peakEquity)}; the limit is ${percentText(limits.drawdown)}.${unexplainedText(state)}`,
    };
  },
};
