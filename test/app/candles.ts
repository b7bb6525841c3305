import type { Ports } from '../../src/app/ports/ports.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';

/** `move` gives each hour's return, `range` its high to low as a share of the close. */
export interface Hours {
  readonly count: number;
  readonly move: (hour: number) => number;
  readonly range?: (hour: number) => number;
}

/** So many hours, the last of which is the newest that is closed at `now`. */
export function hoursOf(now: number, hours: Hours): Candle[] {
  const last = Math.floor(now / HOUR) * HOUR - HOUR;
  let close = 100;
  const candles: Candle[] = [];
  for (let hour = 0; hour < hours.count; hour += 1) {
    const open = close;
    close *= 1 + hours.move(hour);
    const half = (close * (hours.range?.(hour) ?? 0.004)) / 2;
    candles.push({
      openTime: last - (hours.count - 1 - hour) * HOUR,
      open,
      high: Math.max(open, close) + half,
      low: Math.min(open, close) - half,
      close,
      volume: 1_000,
    });
  }
  return candles;
}

/** Stores so many closed hours of a symbol. */
export const storeHours = (ports: Ports, symbol: string, hours: Hours): Promise<void> =>
  ports.candles.append(symbol, '1h', hoursOf(ports.clock.now(), hours));

/** Returns that look like chance and are the same for the same seed. */
export const wave =
  (seed: number) =>
  (hour: number): number =>
    Math.sin(hour * (1.3 + seed) + seed * 7) * 0.004 + Math.cos(hour * hour * (seed + 0.7)) * 0.003;
