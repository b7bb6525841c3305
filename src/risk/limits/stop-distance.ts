import { ONE_RATIO } from '../../domain/money/money.ts';
import { distance } from '../../domain/position.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Stop distance within the least and the most, both included, compared without rounding. */
export const stopDistance: LimitRule = ({ stopFraction, candidate, limits }) => {
  if (stopFraction === undefined) return undefined;
  const apart = distance(candidate.entry, candidate.stop) * ONE_RATIO;
  const observed = percentText(stopFraction);
  if (apart < candidate.entry * limits.minStop) {
    const found = { limit: `at least ${percentText(limits.minStop)}`, observed };
    return refuse(
      'stop-too-close',
      found,
      `The stop is ${observed} from entry; ${found.limit} is needed.`,
    );
  }
  if (apart > candidate.entry * limits.maxStop) {
    const found = { limit: `at most ${percentText(limits.maxStop)}`, observed };
    return refuse(
      'stop-too-far',
      found,
      `The stop is ${observed} from entry; ${found.limit} is allowed.`,
    );
  }
  return undefined;
};
