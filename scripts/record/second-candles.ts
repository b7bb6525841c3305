import type { Candle } from '../../src/domain/candle.ts';
import type { Timestamp } from '../../src/domain/time.ts';

const SECOND = 1_000;

export interface SecondCandles {
  add(symbol: string, at: Timestamp, price: number): void;
  /** By symbol, oldest first. A second without a push has none: gaps stay gaps. */
  closed(): ReadonlyMap<string, readonly Candle[]>;
}

/** Pushed prices as candles of a second each. A push names no size, so the volume is 0. */
export function createSecondCandles(): SecondCandles {
  const bySymbol = new Map<string, Map<Timestamp, Candle>>();
  return {
    add(symbol, at, price) {
      const openTime = Math.floor(at / SECOND) * SECOND;
      const own = bySymbol.get(symbol) ?? new Map<Timestamp, Candle>();
      bySymbol.set(symbol, own);
      const known = own.get(openTime);
      own.set(openTime, {
        openTime,
        open: known?.open ?? price,
        high: Math.max(known?.high ?? price, price),
        low: Math.min(known?.low ?? price, price),
        close: price,
        volume: 0,
      });
    },
    closed: () =>
      new Map(
        [...bySymbol].map(([symbol, candles]) => [
          symbol,
          [...candles.values()].sort((a, b) => a.openTime - b.openTime),
        ]),
      ),
  };
}
