import { HOUR } from '../../domain/time.ts';
import { durationText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { time } from './limit.ts';
import type { LimitRule } from './rule.ts';

export const signalMaxAgeMs = time({
  label: 'signal age',
  standard: HOUR,
  tighter: 'lower',
  shown: (value) => `${value} at most`,
  meaning: 'an older signal speaks about a market that is gone',
});

interface Needs {
  readonly signalMaxAgeMs: number;
}

/** A signal must be young; an entry that no signal made has no age. */
export const signalAgeRule: LimitRule<Needs> = ({ candidate, limits }) => {
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
