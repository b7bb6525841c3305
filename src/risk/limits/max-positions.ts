import { countText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { count } from './limit.ts';
import type { LimitRule } from './rule.ts';

export const maxPositions = count({
  label: 'open positions',
  standard: 3,
  tighter: 'lower',
  meaning: 'positions opened by hand and entries on their way count too',
  use: 'positions',
});

interface Needs {
  readonly maxPositions: number;
}

/** Open positions and entries on their way, by hand or by Vigil, with the new one. */
export const maxPositionsRule: LimitRule<Needs> = ({ open, limits }) => {
  if (open === undefined || open.count < limits.maxPositions) return undefined;
  const found = {
    limit: countText(limits.maxPositions, 'position'),
    observed: `${open.count} open`,
  };
  const sentence = `${countText(open.count, 'position')} already open or on the way; the limit is ${limits.maxPositions}.`;
  return refuse('too-many-positions', found, sentence);
};
