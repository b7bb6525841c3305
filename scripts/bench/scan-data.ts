import type { Candle } from '../../src/domain/candle.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { price, qty } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';

const START = Date.UTC(2025, 0, 1);

/** A number from 0 to 1 that only depends on its arguments. */
function noise(seed: number, step: number): number {
  const x = Math.sin(seed * 12.9898 + step * 78.233) * 43_758.5453;
  return x - Math.floor(x);
}

/** Hourly candles of an invented symbol, the same for the same arguments. */
export function candlesOf(seed: number, count: number): Candle[] {
  let close = 100 + seed;
  return Array.from({ length: count }, (_, step) => {
    const open = close;
    close = open * (1 + (noise(seed, step) - 0.498) * 0.02);
    return {
      openTime: START + step * HOUR,
      open,
      high: Math.max(open, close) * 1.002,
      low: Math.min(open, close) * 0.998,
      close,
      volume: 1_000 + 500 * noise(seed + 1, step),
    };
  });
}

/** The instrument that belongs to the candles of that seed. */
export const instrumentOf = (seed: number): Instrument => ({
  symbol: `S${seed}USDT`,
  base: `S${seed}`,
  quote: 'USDT',
  tick: price('0.01'),
  step: qty('0.001'),
  priceDecimals: 2,
  qtyDecimals: 3,
  minQty: qty('0.001'),
  maxMarketQty: qty('100000'),
  maxLimitQty: qty('100000'),
  minLeverage: 1,
  maxLeverage: 50,
  status: 'open',
  apiTradable: true,
});
