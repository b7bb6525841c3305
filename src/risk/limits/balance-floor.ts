import { max, scaleBy, sub, usdText, ZERO_USD, type Ratio } from '../../domain/money/money.ts';
import { percentText } from '../terms/phrase.ts';
import { refuse } from '../terms/refusal.ts';
import { share } from './limit.ts';
import type { LimitRule } from './rule.ts';
import { usedOf, type LossStop } from './stop.ts';

/** Fraction of the day's first equity at which trading stops. */
export const balanceFloor = share({
  label: 'balance floor',
  standard: '50',
  tighter: 'higher',
  shown: (value) => `${value} of the day's first equity`,
  meaning: 'equity at or under it halts trading',
  use: 'balance-floor',
});

interface Needs {
  readonly balanceFloor: Ratio;
}

/** Equity must be above 0 and above its floor for the day. */
export const balanceFloorRule: LimitRule<Needs> = ({ state, equity, limits }) => {
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

export const balanceFloorStop: LossStop<Needs> = {
  id: 'balance-floor',
  label: balanceFloor.label,
  to: 'halted',
  liftedWhen: 'once a new day has begun or equity is above the floor',
  byEquity: true,
  since: (state) => state.dayStart,
  policy: 'equity falls to the balance floor',
  measure(state, equity, limits) {
    const base = max(state.dayStartEquity, ZERO_USD);
    const floor = scaleBy(base, limits.balanceFloor, 'up');
    return {
      usedPercent: usedOf(max(sub(base, equity), ZERO_USD), sub(base, floor)),
      tripped: equity <= floor,
      text: () => `${usdText(equity)}, floor ${usdText(floor)}`,
      sentence: () =>
        `Equity is ${usdText(equity)}; the floor is ${usdText(floor)}, ${percentText(limits.balanceFloor)} of the day's first equity.`,
    };
  },
};
