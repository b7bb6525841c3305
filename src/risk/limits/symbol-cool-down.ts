import { formatUtc, HOUR } from '../../domain/time.ts';
import { durationText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { time } from './limit.ts';
import type { LimitRule } from './rule.ts';

export const symbolCoolDownMs = time({
  label: 'pause per symbol',
  standard: 4 * HOUR,
  tighter: 'higher',
  meaning: 'no new trade in a symbol for that long after a losing close',
});

interface Needs {
  readonly symbolCoolDownMs: number;
}

/** A pause for a symbol after it was closed at a loss. */
export const symbolCoolDownRule: LimitRule<Needs> = ({ state, candidate, limits, now }) => {
  const lostAt = state?.lossCloses[candidate.symbol];
  if (lostAt === undefined) return undefined;
  const until = lostAt + limits.symbolCoolDownMs;
  if (now >= until) return undefined;
  const found = {
    limit: `${durationText(limits.symbolCoolDownMs)} after a loss`,
    observed: `${durationText(now - lostAt)} ago`,
  };
  const sentence = `${candidate.symbol} was closed at a loss ${found.observed}; entries in it wait until ${formatUtc(until)}.`;
  return refuse('symbol-cooling-down', found, sentence);
};
