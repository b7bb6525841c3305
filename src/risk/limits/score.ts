import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The signal's score must reach the minimum; a score that is no number does not. */
export const score: LimitRule = ({ candidate, limits }) => {
  if (candidate.score >= limits.minScore) return undefined;
  const found = { limit: `at least ${limits.minScore}`, observed: `${candidate.score}` };
  return refuse(
    'score-too-low',
    found,
    `The signal scores ${found.observed} of 100; ${found.limit} is needed.`,
  );
};
