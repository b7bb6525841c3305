import { expect, it } from 'vitest';
import { CONFIRMATIONS, FILTERS } from '../../src/signals/agreement/criteria/list.ts';
import { decide } from '../../src/signals/agreement/decide.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { at, joined, onTicks, seededRandom, walk } from '../indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** What a line has no answer to: where price stands to its means and within its band. */
const PLACES = new Set(['averages-in-order', 'higher-trend', 'band-position', 'away-from-bands']);
const LINE = 120;
/** All windows hold equal closes from here on: 20 candles of 4 h and those that the trend still shares. */
const EQUAL_FROM = 84;

it.each([1e-8, 1e-4, 1, 1_000, 1e5])(
  'a market at %d that stops moving after a trend gives no signal from what rounding leaves of its means',
  (scale) => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seededRandom(seed);
      const drift = [0.004, -0.004, 0.001][seed % 3] ?? 0;
      const price = scale * (1 + 8 * random());
      const trend = onTicks(walk({ seed, count: 200, noise: 0.004, drift, price }), scale / 1e4);
      const { close } = at(trend, -1);
      const wick = seed % 2 === 0 ? 0 : close / 2_000;
      const line = walk({ seed, count: LINE, price: close }).map((each) => ({
        ...each,
        open: close,
        high: close + wick,
        low: close - wick,
        close,
      }));
      const tracker = createTracker('XUSDT', agreement);
      for (const [row, candle] of joined(trend, line).entries()) {
        expect(tracker.feed(candle).kind).toBe('used');
        if (row < trend.length + EQUAL_FROM) continue;
        const view = tracker.snapshot();
        if (view === undefined) throw new Error('not ready');
        const met = [...FILTERS, ...CONFIRMATIONS].filter((criterion) =>
          (['long', 'short'] as const).some((side) => criterion.met(view, DEFAULT_STRATEGY, side)),
        );
        expect(met.map(({ id }) => id).filter((id) => PLACES.has(id))).toEqual([]);
        expect(decide(view, DEFAULT_STRATEGY).outcome).toMatch(/score|filters/);
      }
    }
  },
);
