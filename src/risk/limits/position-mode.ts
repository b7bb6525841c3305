import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** An order is written for hedge or one-way mode: in another one it could do something else. */
export const positionModeKnown: LimitRule = ({ account }) => {
  if (account?.positionMode !== 'unknown') return undefined;
  const found = { limit: 'hedge or one-way', observed: 'unknown' };
  const sentence = 'The exchange gives no position mode that Vigil knows (hedge or one-way).';
  return refuse('position-mode-unknown', found, sentence);
};
