import type { Candle } from '../domain/candle.ts';
import { DAY, HOUR, type Timestamp } from '../domain/time.ts';
import { createAtr } from '../indicators/atr.ts';
import { withoutBadTicks } from '../indicators/bad-tick.ts';

/** The coin whose restlessness stands for the market's. */
export const MARKET_SYMBOL = 'BTCUSDT';
/** How far back "usual" reaches, and before it the candles that an ATR needs for its first value. */
const USUAL_MS = 30 * DAY;
const WARM_UP_MS = 15 * HOUR;
const MEDIAN_HOURS = USUAL_MS / HOUR;
/** Fewer hours than some four days say nothing about what is usual: only a short recording has so few. */
const LEAST_VALUES = 100;
/** A candle that closed longer ago than this is not "now". */
const STALE_MS = 2 * HOUR;

/** Open time of the first candle that counts when the newest one opened at `last`. */
export const usualSince = (last: Timestamp): Timestamp => last - USUAL_MS - WARM_UP_MS;

/** Whether a candle of that length, 1 h unless told, that opened at `last` still speaks of `now`. */
export const isRecent = (last: Timestamp, now: Timestamp, candleMs: number = HOUR): boolean =>
  now - last - candleMs <= STALE_MS;

/**
 * ATR 14 ÷ close of the newest candle and the median over the last 30 days, as fractions, bad ticks left out. Undefined with fewer than
 * 100 values or with a candle that cannot be used.
 */
export function volatilityOf(
  candles: readonly Candle[],
): { readonly now: number; readonly median: number; readonly hours: number } | undefined {
  const atr = createAtr();
  const values: number[] = [];
  try {
    for (const candle of withoutBadTicks(candles)) {
      atr.update(candle);
      const value = atr.value();
      if (value !== undefined && candle.close > 0) values.push(value / candle.close);
    }
  } catch {
    return undefined;
  }
  const last = values.slice(-MEDIAN_HOURS);
  const now = last.at(-1);
  if (now === undefined || last.length < LEAST_VALUES) return undefined;
  const sorted = last.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? now;
  const low = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? high) : high;
  return { now, median: (low + high) / 2, hours: last.length };
}
