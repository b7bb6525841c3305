import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The exchange must be readable. */
export const failedReads: LimitRule = ({ state, limits }) => {
  if (state === undefined || state.failedReads < limits.maxFailedReads) return undefined;
  const found = { limit: `under ${limits.maxFailedReads}`, observed: `${state.failedReads}` };
  const sentence = `The last ${state.failedReads} reads of the account failed; entries wait for a good one.`;
  return refuse('reads-failing', found, sentence);
};
