import { countText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Open positions and entries on their way, by hand or by Vigil, with the new one. */
export const maxPositions: LimitRule = ({ open, limits }) => {
  if (open === undefined || open.count < limits.maxPositions) return undefined;
  const found = {
    limit: countText(limits.maxPositions, 'position'),
    observed: `${open.count} open`,
  };
  const sentence = `${countText(open.count, 'position')} already open or on the way; the limit is ${limits.maxPositions}.`;
  return refuse('too-many-positions', found, sentence);
};
