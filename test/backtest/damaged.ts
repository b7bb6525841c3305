import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { seededRandom, walk } from '../indicators/market.ts';

/** Damages that the tracker names: each takes a candle and gives what stands in the recording instead. */
const DAMAGES: readonly ((candle: Candle) => readonly Candle[])[] = [
  () => [],
  (candle) => [{ ...candle, volume: 0 }],
  (candle) => [{ ...candle, close: NaN }],
  (candle) => [{ ...candle, high: candle.low / 2 }],
  (candle) => [{ ...candle, high: candle.high * 50 }],
  (candle) => [{ ...candle, openTime: candle.openTime + HOUR / 2 }],
  (candle) => [candle, candle],
  (candle) => [candle, { ...candle, openTime: candle.openTime - 2 * HOUR }],
];

/** A walk with single damages, gaps of every length and new price levels, the same for the same seed. */
export function damaged(seed: number, count: number): Candle[] {
  const random = seededRandom(seed);
  const candles = walk({ seed, count, noise: 0.015, price: 10 ** ((seed % 9) - 4) });
  let level = 1;
  let missing = 0;
  return candles.flatMap((candle) => {
    const { openTime, open, high, low, close, volume } = candle;
    if (missing > 0) {
      missing -= 1;
      return [];
    }
    if (random() < 0.004) missing = Math.floor(random() * 7);
    if (random() < 0.001) level *= 50;
    const [o, h, l, c] = [open * level, high * level, low * level, close * level];
    const moved = { openTime, open: o, high: h, low: l, close: c, volume };
    const damage = random() < 0.01 ? DAMAGES[Math.floor(random() * DAMAGES.length)] : undefined;
    return damage === undefined ? [moved] : [...damage(moved)];
  });
}
