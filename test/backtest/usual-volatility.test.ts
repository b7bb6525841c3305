import { expect, it } from 'vitest';
import { closedRows, columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { createUsualVolatility } from '../../src/backtest/candles/usual-volatility.ts';
import { HOUR } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { usualSince, volatilityOf } from '../../src/signals/market-volatility.ts';
import { hoursOf } from '../app/candles.ts';

const { volatilityMultiple: limit } = DEFAULT_LIMITS;
const END = Date.UTC(2025, 9, 10);
const COUNT = 1_500;
/** Three wild stretches, of which the last ones come near the limit from both sides. */
const WILD: readonly (readonly [from: number, to: number, times: number])[] = [
  [700, 712, 9],
  [1_000, 1_020, 3.6],
  [1_300, 1_340, 3.1],
];
const candles = columnsOf(
  hoursOf(END, {
    count: COUNT,
    move: (hour) => Math.sin(hour * hour) * 0.001,
    range: (hour) => 0.004 * (WILD.find(([from, to]) => hour >= from && hour < to)?.[2] ?? 1),
  }),
);

it('judges every hour as the live bot does, from the candles that it would have', () => {
  const usual = createUsualVolatility(candles, limit, HOUR);
  const tripped: number[] = [];
  for (let back = COUNT - 1; back >= 0; back -= 1) {
    const at = END - back * HOUR;
    const live = volatilityOf(
      closedRows(candles, { from: usualSince(at - HOUR), at, candleMs: HOUR }),
    );
    const quick = usual(at);
    expect(quick === undefined).toBe(live === undefined);
    if (live === undefined || quick === undefined) continue;
    const multiple = live.now / live.median;
    expect(quick.now / quick.median > limit).toBe(multiple > limit);
    if (multiple > limit) tripped.push(COUNT - back);
    // Where it could matter it is the very same figure.
    if (multiple > 0.95 * limit) expect(quick).toEqual(live);
  }
  expect(tripped.length).toBeGreaterThan(10);
});

it('knows nothing of a market whose candles have stopped coming', () => {
  const usual = createUsualVolatility(candles, limit, HOUR);
  expect(usual(END + HOUR)).toBeDefined();
  expect(usual(END + 3 * HOUR)).toBeUndefined();
});
