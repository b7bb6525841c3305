import { SIGNAL_STANDARD } from '../../domain/signal-standard.ts';
import { ONE_RATIO, type Ratio } from '../../domain/money/money.ts';
import { distance } from '../../domain/position.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { share } from './limit.ts';
import type { LimitRule } from './rule.ts';

/** As a fraction of entry, like the one below. */
export const minStop = share({
  label: 'stop distance, least',
  standard: SIGNAL_STANDARD.minStop,
  tighter: 'higher',
  shown: (value) => `${value} of entry`,
  meaning: 'a closer stop is hit by noise and costs more in fees than it saves',
});

export const maxStop = share({
  label: 'stop distance, most',
  standard: SIGNAL_STANDARD.maxStop,
  tighter: 'lower',
  shown: (value) => `${value} of entry`,
  meaning: 'a wider stop protects too late',
});

interface Needs {
  readonly minStop: Ratio;
  readonly maxStop: Ratio;
}

/** Stop distance within the least and the most, both included, compared without rounding. */
export const stopDistanceRule: LimitRule<Needs> = ({ stopFraction, candidate, limits }) => {
  if (stopFraction === undefined) return undefined;
  const apart = distance(candidate.entry, candidate.stop) * ONE_RATIO;
  if (apart < candidate.entry * limits.minStop) {
    const observed = percentText(stopFraction);
    const found = { limit: `at least ${percentText(limits.minStop)}`, observed };
    return refuse(
      'stop-too-close',
      found,
      `The stop is ${observed} from entry; ${found.limit} is needed.`,
    );
  }
  if (apart > candidate.entry * limits.maxStop) {
    const observed = percentText(stopFraction);
    const found = { limit: `at most ${percentText(limits.maxStop)}`, observed };
    return refuse(
      'stop-too-far',
      found,
      `The stop is ${observed} from entry; ${found.limit} is allowed.`,
    );
  }
  return undefined;
};
