import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { InFlightEntry } from './gate-facts.ts';
import { countNewTrades, type TradeCount } from '../state/trade-count.ts';

/** What the number of further entries depends on. */
export interface EntriesSoFar {
  readonly state: TradeCount;
  readonly positions: readonly Position[];
  /** Resting orders; reduce-only ones are ignored. */
  readonly openEntryOrders: readonly Order[];
  readonly inFlight: readonly InFlightEntry[];
}

/** Entry orders that rest or are on their way. */
const onTheWay = ({ openEntryOrders, inFlight }: EntriesSoFar): number =>
  openEntryOrders.filter((order) => !order.reduceOnly).length + inFlight.length;

/** Entries of the day, those on their way, and those that show as positions before the next account read has counted them. */
export function tradesUsed(entries: EntriesSoFar): number {
  const { state, positions } = entries;
  const { tradesToday } = countNewTrades(state, { positions, closed: [] }, []);
  // What is remembered may be more than the ids that it was counted from.
  return Math.max(state.tradesToday, tradesToday) + onTheWay(entries);
}

/** How many more entries the limits on positions and on trades a day have room for; may be below 0. */
export function entryPlaces(
  entries: EntriesSoFar,
  limits: { readonly maxPositions: number; readonly maxTradesPerDay: number },
): number {
  const { positions } = entries;
  const forPositions = limits.maxPositions - positions.length - onTheWay(entries);
  return Math.min(forPositions, limits.maxTradesPerDay - tradesUsed(entries));
}
