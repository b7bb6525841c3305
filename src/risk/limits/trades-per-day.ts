import { refuse } from '../refusal.ts';
import type { LimitRule } from './rule.ts';

/** Entries of the day, and those on their way. */
export const tradesPerDay: LimitRule = ({ state, openEntryOrders, inFlight, limits }) => {
  if (state === undefined || openEntryOrders === undefined) return undefined;
  const orders = openEntryOrders.filter((order) => !order.reduceOnly).length;
  const used = state.tradesToday + orders + (inFlight?.length ?? 0);
  if (used < limits.maxTradesPerDay) return undefined;
  const found = { limit: `${limits.maxTradesPerDay} a day`, observed: `${used} today` };
  return refuse(
    'too-many-trades',
    found,
    `${used} of ${limits.maxTradesPerDay} trades of the day are used.`,
  );
};
