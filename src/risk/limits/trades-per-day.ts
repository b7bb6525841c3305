import { tradesUsed } from '../gate/entry-places.ts';
import { refuse } from '../terms/refusal.ts';
import { count } from './limit.ts';
import type { LimitRule } from './rule.ts';
import { countText } from '../../domain/words/words.ts';

export const maxTradesPerDay = count({
  label: 'trades a day',
  standard: 3,
  tighter: 'lower',
  meaning: "entries of the current day, from the exchange's own history",
  use: 'trades',
});

interface Needs {
  readonly maxTradesPerDay: number;
}

/** Entries of the day, those on their way included. */
export const tradesPerDayRule: LimitRule<Needs> = (context) => {
  const { state, positions = [], openEntryOrders, inFlight = [], limits } = context;
  if (state === undefined || openEntryOrders === undefined) return undefined;
  const used = tradesUsed({ state, positions, openEntryOrders, inFlight });
  if (used < limits.maxTradesPerDay) return undefined;
  const found = { limit: `${limits.maxTradesPerDay} a day`, observed: `${used} today` };
  return refuse(
    'too-many-trades',
    found,
    `${used} of ${countText(limits.maxTradesPerDay, 'trade')} for today ${used === 1 ? 'is' : 'are'} used.`,
  );
};
