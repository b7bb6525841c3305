import { formatUtc } from '../../domain/time.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** No entries while a cool-off runs, whether the mode or the loss streak asked for it. */
export const coolOff: LimitRule = ({ mode, state, now }) => {
  const until = Math.max(mode?.coolOffUntil ?? 0, state?.coolOffUntil ?? 0);
  if (until <= now) return undefined;
  const found = { limit: 'no cool-off running', observed: `cool-off until ${formatUtc(until)}` };
  return refuse('cool-off', found, `A cool-off after losses runs until ${formatUtc(until)}.`);
};
