import type { Ratio } from '../../domain/money/money.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { share } from './limit.ts';
import type { LimitRule } from './rule.ts';
import type { MarketStop } from './stop.ts';

/** Maintenance margin ÷ equity from which entries are held; liquidation is near 100 %. */
export const maxMarginRatio = share({
  label: 'margin ratio',
  standard: '50',
  tighter: 'lower',
  shown: (value) => `under ${value}`,
  meaning: 'maintenance margin against equity; from there new trades are paused',
  use: 'margin-ratio',
});

interface Needs {
  readonly maxMarginRatio: Ratio;
}

export const marginRatioStop: MarketStop<Needs> = {
  id: 'margin-ratio',
  label: maxMarginRatio.label,
  to: 'reduceOnly',
  liftedWhen: 'once less margin is in use',
  measure({ marginRatio }, { maxMarginRatio: limit }) {
    if (marginRatio === undefined) return undefined;
    return {
      usedPercent: Number((marginRatio * 100n) / limit),
      tripped: marginRatio >= limit,
      text: () => `${percentText(marginRatio)} of ${percentText(limit)}`,
      sentence: () =>
        `The exchange needs ${percentText(marginRatio)} of equity as maintenance margin; the limit is ${percentText(limit)}.`,
    };
  },
};

/** Maintenance margin ÷ equity must be under its limit: near 100 % the exchange closes positions. */
export const marginRatioRule: LimitRule<Needs> = ({ market, limits }) => {
  if (market === 'not judged' || market.marginRatio === undefined) return undefined;
  const found = marginRatioStop.measure(market, limits);
  if (found?.tripped !== true) return undefined;
  const texts = {
    limit: `under ${percentText(limits.maxMarginRatio)}`,
    observed: percentText(market.marginRatio),
  };
  return refuse('margin-ratio-reached', texts, found.sentence());
};
