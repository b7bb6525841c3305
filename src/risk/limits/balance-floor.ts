import { max, scaleBy, usdText, ZERO_USD } from '../../domain/money/money.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Equity must be above 0 and above its floor for the day. */
export const balanceFloor: LimitRule = ({ state, equity, limits }) => {
  if (equity === undefined) return undefined;
  const floor =
    state === undefined
      ? ZERO_USD
      : max(scaleBy(state.dayStartEquity, limits.balanceFloor, 'up'), ZERO_USD);
  if (equity > floor) return undefined;
  const found = { limit: `above ${usdText(floor)}`, observed: usdText(equity) };
  return refuse(
    'equity-under-floor',
    found,
    `Equity is ${found.observed}; entries need it ${found.limit}.`,
  );
};
