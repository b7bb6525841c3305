import type { MarketData } from '../app/ports/market-data.ts';
import { MINUTE } from '../domain/time.ts';
import type { Digits } from './views/money.ts';

/** How many decimals each symbol's prices and quantities have. */
export type DigitsSource = () => Promise<Digits>;

const KEEP_MS = 10 * MINUTE;

/**
 * Decimals from the exchange's own list, read again after ten minutes. While it cannot be read the last list is used; with none
 * at all, figures are shown with every digit they have.
 */
export function createDigits(market: MarketData, wallNow: () => number): DigitsSource {
  let list: Digits = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (wallNow() - readAt < KEEP_MS) return list;
    try {
      const instruments = await market.instruments();
      list = new Map(
        instruments.map((each) => [
          each.symbol,
          { price: each.priceDecimals, qty: each.qtyDecimals },
        ]),
      );
      readAt = wallNow();
    } catch {
      // The exact text of a figure is right too, only longer.
    }
    return list;
  };
}
