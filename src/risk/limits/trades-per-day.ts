import { tradesUsed } from '../gate/entry-places.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Entries of the day, those on their way included. */
export const tradesPerDay: LimitRule = (context) => {
  const { state, positions = [], openEntryOrders, inFlight = [], limits } = context;
  if (state === undefined || openEntryOrders === undefined) return undefined;
  const used = tradesUsed({ state, positions, openEntryOrders, inFlight, limits });
  if (used < limits.maxTradesPerDay) return undefined;
  const found = { limit: `${limits.maxTradesPerDay} a day`, observed: `${used} today` };
  return refuse(
    'too-many-trades',
    found,
    `${used} of ${limits.maxTradesPerDay} trades for today are used.`,
  );
};
