import { describe, expect, it } from 'vitest';
import { TRADABLE_STRATEGY } from '../../src/signals/parameters.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { breakout } from '../../src/signals/strategies/breakout.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { seededRandom, walk } from '../indicators/market.ts';

/** Candles of 4 h in ticks of a walk: 1 h apart there. */
const HOURS = 4;

describe.each([
  ['breakdown', breakdown, -1],
  ['breakout', breakout, 1],
] as const)('what is said of %s before its candle is read', (_name, strategy, way) => {
  it('is never less than what comes, and tells most of the others apart', () => {
    const seen = { events: 0, clean: 0, said: 0, candles: 0 };
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seededRandom(seed);
      const noise = 0.004 + 0.02 * random();
      const tracker = createTracker('XUSDT', strategy);
      const candles = walk({ seed, count: 700, noise, drift: way * 0.0006 });
      for (const each of candles) {
        const before = tracker.snapshot();
        tracker.feed({ ...each, openTime: each.openTime * HOURS, volume: 1e9 });
        const now = tracker.snapshot();
        if (before === undefined || now === undefined) continue;
        // A price that is asked for a moment after the close, not the close.
        const price = each.close * (1 + 0.004 * (2 * random() - 1));
        const said = strategy.outlook?.(before, price, TRADABLE_STRATEGY);
        const event = tracker.request(TRADABLE_STRATEGY);
        seen.candles += 1;
        if (said !== undefined) seen.said += 1;
        // The extreme of 55 days left with this candle.
        const isNearer = way * (now.edge - before.edge) < 0;
        if (event === undefined || isNearer) continue;
        seen.events += 1;
        expect(said).toBeDefined();
        const { side } = event;
        const question = { view: now, parameters: TRADABLE_STRATEGY, side };
        if (strategy.isClean?.(question) !== true) continue;
        seen.clean += 1;
        expect(said).toBe('clean');
      }
    }
    expect(seen.events).toBeGreaterThan(100);
    expect(seen.clean).toBeGreaterThan(20);
    expect(seen.said).toBeLessThan(seen.candles / 4);
  });

  it('is nothing where the candle before stood there already, or the price is far away', () => {
    const view = { closedAt: 0, close: 100, atr: 1, dayTurnover: 1e9, edge: 100 - way, trend: 0 };
    const asked = (over: Partial<typeof view>, price: number) =>
      strategy.outlook?.({ ...view, ...over }, price, TRADABLE_STRATEGY);
    const edge = 100 + way;
    expect(asked({ edge }, 100 + 2 * way)).toBe('clean');
    expect(asked({ edge }, edge * (1 - way * 0.004))).toBe('clean');
    expect(asked({ edge }, edge * (1 - way * 0.006))).toBeUndefined();
    expect(asked({ edge: 100 - way }, 100 + 2 * way)).toBeUndefined();
  });

  it('is no clean one where even the calmest candle leaves too wide a stop', () => {
    const view = { closedAt: 0, close: 100, atr: 2.6, dayTurnover: 1e9, edge: 100 + way, trend: 0 };
    const asked = (over: Partial<typeof view>, price: number) =>
      strategy.outlook?.({ ...view, ...over }, price, TRADABLE_STRATEGY);
    expect(asked({}, 100 + 1.1 * way)).toBe('clean');
    expect(asked({ atr: 3 }, 100 + 1.1 * way)).toBe('capped');
    // A long way there is part of its range.
    expect(asked({}, 100 + 12 * way)).toBe('capped');
  });
});
