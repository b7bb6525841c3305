import { expect, it } from 'vitest';
import { intervalMs } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { STRATEGIES } from '../../src/signals/strategies/list.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { damaged } from '../backtest/damaged.ts';

it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
  'a tracker of %s keeps no candle: one object with ever new figures tells it the same',
  (_, strategy) => {
    const fresh = createTracker('XUSDT', strategy);
    const reused = createTracker('XUSDT', strategy);
    const slot = { openTime: NaN, open: NaN, high: NaN, low: NaN, close: NaN, volume: NaN };
    let known = 0;
    for (const candle of damaged(4, 3_000)) {
      const openTime = (candle.openTime / HOUR) * intervalMs(strategy.interval);
      const own = { ...candle, openTime };
      expect(reused.feed(Object.assign(slot, own))).toEqual(fresh.feed(own));
      expect(reused.snapshot()).toEqual(fresh.snapshot());
      expect(reused.lastOpenTime()).toBe(fresh.lastOpenTime());
      if (fresh.snapshot() !== undefined) known += 1;
    }
    expect(known).toBeGreaterThan(200);
  },
);
