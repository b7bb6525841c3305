import { SIGNAL_STANDARD } from '../../domain/signal-standard.ts';
import { refuse } from '../terms/refusal.ts';
import { number } from './limit.ts';
import type { LimitRule } from './rule.ts';

export const minScore = number({
  label: 'checks passed',
  standard: SIGNAL_STANDARD.minScore,
  most: 100,
  tighter: 'higher',
  shown: (value) => `at least ${value} of 100`,
  meaning:
    'weighted confirmations of `agreement`; says nothing of the chance to win, and rules without such checks are not asked',
});

interface Needs {
  readonly minScore: number;
}

/** The signal's score must reach the minimum, where one is counted; a score that is no number does not. */
export const scoreRule: LimitRule<Needs> = ({ candidate, limits }) => {
  if (candidate.score === undefined || candidate.score >= limits.minScore) return undefined;
  const found = { limit: `at least ${limits.minScore}`, observed: `${candidate.score}` };
  return refuse(
    'score-too-low',
    found,
    `The signal passes ${found.observed} of 100 checks; ${found.limit} is needed.`,
  );
};
