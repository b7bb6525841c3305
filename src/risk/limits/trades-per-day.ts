import { refuse } from '../refusal.ts';
import { countNewTrades } from '../trade-count.ts';
import type { LimitRule } from './rule.ts';

/** Entries of the day, those on their way, and those that show as positions before the next account read has counted them. */
export const tradesPerDay: LimitRule = ({
  state,
  positions,
  openEntryOrders,
  inFlight,
  limits,
}) => {
  if (state === undefined || openEntryOrders === undefined) return undefined;
  const orders = openEntryOrders.filter((order) => !order.reduceOnly).length;
  const { tradesToday } = countNewTrades(state, { positions: positions ?? [], closed: [] }, []);
  // What is remembered may be more than the ids that it was counted from.
  const counted = Math.max(state.tradesToday, tradesToday);
  const used = counted + orders + (inFlight?.length ?? 0);
  if (used < limits.maxTradesPerDay) return undefined;
  const found = { limit: `${limits.maxTradesPerDay} a day`, observed: `${used} today` };
  return refuse(
    'too-many-trades',
    found,
    `${used} of ${limits.maxTradesPerDay} trades of the day are used.`,
  );
};
