import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Money that came or went and that no trade explains yet could be anything: nothing is sized or judged by it. */
export const moneyExplained: LimitRule = ({ moneyInDoubt }) => {
  if (moneyInDoubt !== true) return undefined;
  const found = { limit: 'a wallet that is explained', observed: 'a change that is not' };
  const sentence =
    'The wallet has just changed and no trade explains it yet, so nothing is opened. Try again in a few seconds.';
  return refuse('money-in-doubt', found, sentence);
};
