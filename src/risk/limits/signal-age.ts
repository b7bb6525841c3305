import { HOUR } from '../../domain/time.ts';
import { durationText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { time } from './limit.ts';
import type { LimitRule } from './rule.ts';

export const signalMaxAgeMs = time({
  label: 'signal age',
  standard: 2 * HOUR,
  tighter: 'lower',
  shown: (value) => `${value} at most`,
  meaning:
    'an older signal speaks about a market that is gone; a strategy whose signals lapse sooner keeps its own time',
});

interface Needs {
  readonly signalMaxAgeMs: number;
}

/** A signal must be younger than the limit and than its strategy's own time; an entry that no signal made has no age. */
export const signalAgeRule: LimitRule<Needs> = ({ candidate, limits }) => {
  const age = candidate.signalAgeMs;
  const most = Math.min(limits.signalMaxAgeMs, candidate.lapsesAfterMs ?? Infinity);
  if (age === undefined || age <= most) return undefined;
  const found = {
    limit: `at most ${durationText(most)}`,
    observed: durationText(age),
  };
  return refuse(
    'signal-too-old',
    found,
    `The signal is ${found.observed} old; ${found.limit} is allowed.`,
  );
};
