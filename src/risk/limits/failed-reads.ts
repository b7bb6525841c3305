import { refuse } from '../terms/refusal.ts';
import { count } from './limit.ts';
import type { LimitRule } from './rule.ts';
import { countText } from '../../domain/words/words.ts';

export const maxFailedReads = count({
  label: 'failed reads in a row',
  standard: 5,
  tighter: 'lower',
  meaning: 'from that many on, new entries stop',
});

interface Needs {
  readonly maxFailedReads: number;
}

/** The exchange must be readable. */
export const failedReadsRule: LimitRule<Needs> = ({ state, limits }) => {
  if (state === undefined || state.failedReads < limits.maxFailedReads) return undefined;
  const found = { limit: `under ${limits.maxFailedReads}`, observed: `${state.failedReads}` };
  const sentence = `${countText(state.failedReads, 'read')} of the account in a row failed; entries wait for a good one.`;
  return refuse('reads-failing', found, sentence);
};
