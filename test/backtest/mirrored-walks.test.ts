import { expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { signalRows } from '../../src/backtest/study/signal-rows.ts';
import { followAll } from '../../src/backtest/study/signal-study.ts';
import { DEFAULT_COSTS } from '../../src/backtest/trade/costs.ts';
import { RECORDED_TIERS, recordedInstrument } from '../../src/backtest/trade/instrument.ts';
import { deviationOf, meanOf } from '../../src/backtest/figures/statistics.ts';
import { intervalMs, type Candle } from '../../src/domain/candle.ts';
import { STRATEGIES } from '../../src/signals/strategies/list.ts';
import { seededRandom } from '../indicators/market.ts';

const STEPS = 24;
const STEP = 0.0025;
const CANDLES = 9_000;
const MARKETS = 16;
const START = Date.UTC(2020, 0, 1);

/** A fair game and the same turned upside down: each step is as likely up as down, by the same part of the price. */
function fairWalk(seed: number, sign: 1 | -1, length: number): Candle[] {
  const random = seededRandom(seed);
  let price = 100;
  return Array.from({ length: CANDLES }, (_, row) => {
    const open = price;
    let [high, low] = [open, open];
    for (let step = 0; step < STEPS; step += 1) {
      price *= 1 + sign * (random() < 0.5 ? STEP : -STEP);
      high = Math.max(high, price);
      low = Math.min(low, price);
    }
    return { openTime: START + row * length, open, high, low, close: price, volume: 1e9 / open };
  });
}

// What remains of a gain here is a flaw of the engine: it knew something, or filled better than it could.
it.each(STRATEGIES)(
  '$name loses its costs on mirrored random walks, and nothing else',
  (strategy) => {
    const { parameters, interval } = strategy;
    const markets = Array.from({ length: MARKETS }, (_, index) => {
      const symbol = `W${index}USDT`;
      const candles = fairWalk(1 + (index >> 1), index % 2 === 0 ? 1 : -1, intervalMs(interval));
      return {
        instrument: recordedInstrument({ symbol, priceDecimals: 8, price: 100 }),
        category: 'other',
        tiers: RECORDED_TIERS,
        columns: snapshotColumns(columnsOf(candles), strategy),
      };
    });
    const window = { from: -Infinity, to: Infinity };
    const input = { markets, window, parameters, costs: DEFAULT_COSTS };
    const trades = followAll(input);
    const rows = signalRows(markets, trades, parameters);
    // Before costs, in the same R.
    const gross = rows.map(({ side, entry, stop, exit }) => {
      const gain = (side === 'long' ? exit - entry : entry - exit) / entry;
      return gain / (Math.abs(entry - stop) / entry + 0.0022);
    });
    const error = deviationOf(gross) / Math.sqrt(gross.length);
    const net = meanOf(rows.map(({ r }) => r));
    expect(rows.length).toBeGreaterThan(200);
    expect(Math.abs(meanOf(gross))).toBeLessThan(2.5 * error);
    expect(net).toBeLessThan(meanOf(gross));
    // 0.22 % of a stop of 1.5 to 5 %, and what a long pays for funding.
    expect(meanOf(gross) - net).toBeGreaterThan(0.03);
    expect(meanOf(gross) - net).toBeLessThan(0.25);
  },
);
