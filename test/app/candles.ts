import type { Ports } from '../../src/app/ports.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';

/** Stores so many closed hours of a symbol; `move` gives each hour's return, `range` its high to low as a share of the close. */
export async function storeHours(
  ports: Ports,
  symbol: string,
  hours: {
    readonly count: number;
    readonly move: (hour: number) => number;
    readonly range?: (hour: number) => number;
  },
): Promise<void> {
  const last = Math.floor(ports.clock.now() / HOUR) * HOUR - HOUR;
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
  await ports.candles.append(symbol, '1h', candles);
}

/** Returns that look like chance and are the same for the same seed. */
export const wave =
  (seed: number) =>
  (hour: number): number =>
    Math.sin(hour * (1.3 + seed) + seed * 7) * 0.004 + Math.cos(hour * hour * (seed + 0.7)) * 0.003;
