import { durationText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** A signal must be young; an entry that no signal made has no age. */
export const signalAge: LimitRule = ({ candidate, limits }) => {
  const age = candidate.signalAgeMs;
  if (age === undefined || age <= limits.signalMaxAgeMs) return undefined;
  const found = {
    limit: `at most ${durationText(limits.signalMaxAgeMs)}`,
    observed: durationText(age),
  };
  return refuse(
    'signal-too-old',
    found,
    `The signal is ${found.observed} old; ${found.limit} is allowed.`,
  );
};
