import { priceText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The price must lie in the band for which the signal was meant, both ends included; an entry that no signal made has none. */
export const priceBand: LimitRule = ({ candidate: { band, entry } }) => {
  if (band === undefined || (entry >= band.low && entry <= band.high)) return undefined;
  const found = {
    limit: `${priceText(band.low)} to ${priceText(band.high)}`,
    observed: priceText(entry),
  };
  const sentence = `The price has moved to ${found.observed}, outside the ${found.limit} that this signal was meant for.`;
  return refuse('price-moved', found, sentence);
};
