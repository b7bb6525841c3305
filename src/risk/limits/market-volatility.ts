import { HOUR } from '../../domain/time.ts';
import { decimalText, shareText } from '../../domain/words/words.ts';
import { durationText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { number } from './limit.ts';
import type { LimitRule } from './rule.ts';
import type { MarketStop } from './stop.ts';

/** Bitcoin's 1 h ATR against its 30-day median from which entries are held. */
export const volatilityMultiple = number({
  label: 'market volatility',
  standard: 3,
  tighter: 'lower',
  shown: (value) => `at most ${value}x its 30-day median`,
  meaning: "Bitcoin's 1 h ATR; above it new trades are paused",
  use: 'volatility',
});

interface Needs {
  readonly volatilityMultiple: number;
}

export const volatilityStop: MarketStop<Needs> = {
  id: 'volatility',
  label: volatilityMultiple.label,
  to: 'reduceOnly',
  liftedWhen: 'once Bitcoin has calmed down',
  measure({ btcAtr }, { volatilityMultiple: limit }) {
    if (typeof btcAtr !== 'object' || !(btcAtr.median > 0)) return undefined;
    const multiple = btcAtr.now / btcAtr.median;
    return {
      usedPercent: Math.floor((multiple * 100) / limit),
      tripped: !(multiple <= limit),
      text: () => `${decimalText(multiple, 1)}x of ${limit}x`,
      sentence: () =>
        `Bitcoin moves ${decimalText(multiple, 1)} times as much as usual, ${shareText(btcAtr.now, 2)} an hour against a median of ${shareText(btcAtr.median, 2)} over ${durationText(btcAtr.hours * HOUR)}; the limit is ${limit} times.`,
    };
  },
};

/** While the whole market is wild, no entry. */
export const volatilityRule: LimitRule<Needs> = ({ market, limits }) => {
  if (market === 'not judged') return undefined;
  const found = volatilityStop.measure(market, limits);
  if (found?.tripped !== true) return undefined;
  const texts = {
    limit: `at most ${limits.volatilityMultiple}x its median`,
    observed: `${found.usedPercent} % of that`,
  };
  return refuse('market-too-wild', texts, found.sentence());
};
