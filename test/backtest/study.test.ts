import { describe, expect, it } from 'vitest';
import { buyAndHold } from '../../src/backtest/study/baselines.ts';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { snapshotColumns, viewAt } from '../../src/backtest/candles/snapshot-columns.ts';
import { followAll, sameCandleTrades } from '../../src/backtest/study/signal-study.ts';
import { trackSignals, strategyChooser, type StudyMarket } from '../../src/backtest/study/study.ts';
import { DEFAULT_COSTS } from '../../src/backtest/trade/costs.ts';
import { RECORDED_TIERS, recordedInstrument } from '../../src/backtest/trade/instrument.ts';
import { price, toNumber } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import { tradeLevels } from '../../src/signals/levels.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { at, seededRandom, walk } from '../indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** Asks at every candle on which its condition stands: many signals. */
const often = { ...agreement, quietFor: 0 };

const candles = walk({ seed: 21, count: 1_500, noise: 0.008 });
const columns = snapshotColumns(columnsOf(candles), often);
const instrument = { tick: price('0.0001') };
const market: StudyMarket = { symbol: 'XUSDT', category: 'other', instrument, columns };
const options = { parameters: DEFAULT_STRATEGY };
const once = (row: number) => (now: number) =>
  now === row ? ({ side: 'long', score: 80 } as const) : undefined;

describe('trackSignals', () => {
  it('follows one signal to its stop or target with every cost', () => {
    const [trade] = trackSignals(market, once(300), { ...options, notional: 1000 });
    if (trade === undefined) throw new Error('no trade');
    const view = viewAt(columns, 300);
    const levels = tradeLevels({
      side: 'long',
      entry: view?.close ?? NaN,
      atr: view?.atr ?? NaN,
      instrument,
      parameters: DEFAULT_STRATEGY,
    });
    if (typeof levels === 'string') throw new Error(levels);
    const entry = at(candles, 301).open * 1.0005;
    expect(trade.entryPrice).toBeCloseTo(entry, 9);
    expect(trade.quantity).toBeCloseTo(1000 / entry, 9);
    const exit = candles.findIndex(
      (each, row) =>
        row > 300 && (each.low <= toNumber(levels.stop) || each.high >= toNumber(levels.target)),
    );
    expect(trade.exitTime).toBe(at(candles, exit).openTime);
    const stopped = at(candles, exit).low <= toNumber(levels.stop);
    expect(trade.exitPrice).toBeCloseTo(
      stopped ? toNumber(levels.stop) * 0.9995 : toNumber(levels.target),
      9,
    );
    expect(trade.pnl).toBeCloseTo(
      trade.quantity * (trade.exitPrice - entry) - trade.fees + trade.funding,
      9,
    );
    expect(trade.score).toBe(80);
    if (stopped && trade.funding === 0) expect(trade.pnl / trade.risk).toBeCloseTo(-1, 9);
  });

  it('loses one R at the stop and earns about two at the target', () => {
    const trades = trackSignals(market, strategyChooser(DEFAULT_STRATEGY), options);
    expect(trades.length).toBeGreaterThan(20);
    for (const trade of trades) {
      const gross = (trade.pnl - trade.funding) / trade.risk;
      if (trade.reason === 'stop') expect(gross).toBeCloseTo(-1, 1);
      if (trade.reason === 'target') expect(gross).toBeGreaterThan(1.5);
    }
  });

  it('enters nothing after a missing candle', () => {
    const broken = snapshotColumns(columnsOf(candles.toSpliced(301, 1)), agreement);
    expect(trackSignals({ ...market, columns: broken }, once(300), options)).toEqual([]);
  });

  it('charges funding to a long at 00, 08 and 16 h UTC and pays a short nothing', () => {
    const wide = { ...DEFAULT_STRATEGY, stopAtrs: 50, targetStops: 3 };
    const [long] = trackSignals(market, once(300), { parameters: wide });
    const hours = ((long?.exitTime ?? 0) - (long?.entryTime ?? 0)) / HOUR;
    expect(hours).toBeGreaterThan(16);
    expect(long?.funding ?? 0).toBeLessThan(0);
    const short = (row: number) => (row === 300 ? ({ side: 'short' } as const) : undefined);
    expect(trackSignals(market, short, { parameters: wide })[0]?.funding).toBe(0);
  });
});

describe('baselines', () => {
  it('enters at the same candles on the same side in markets drawn at random, repeatably', () => {
    const markets = [7, 8, 9].map((seed) => {
      const symbol = `M${seed}USDT`;
      const recorded = { symbol, priceDecimals: 4, price: 100 };
      return {
        instrument: recordedInstrument(recorded),
        category: 'other',
        tiers: RECORDED_TIERS,
        columns: snapshotColumns(columnsOf(walk({ seed, count: 900 })), agreement),
      };
    });
    const window = { from: -Infinity, to: Infinity };
    const input = { markets, window, parameters: DEFAULT_STRATEGY, costs: DEFAULT_COSTS };
    const signals = followAll(input);
    const drawn = (seed: number) => sameCandleTrades(input, signals, seededRandom(seed));
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    expect(drawn(1).map(({ entryTime, side }) => [entryTime, side])).toEqual(
      signals.map(({ entryTime, side }) => [entryTime, side]),
    );
    expect(new Set(drawn(1).map(({ symbol }) => symbol)).size).toBe(3);
  });

  it('buyAndHold is the mean of first open to last close after two fees', () => {
    const up = columnsOf([{ openTime: 0, open: 100, high: 200, low: 90, close: 150, volume: 1 }]);
    const down = columnsOf([{ openTime: 0, open: 100, high: 200, low: 40, close: 50, volume: 1 }]);
    expect(buyAndHold([up, down], 0)).toBeCloseTo(0, 12);
    expect(buyAndHold([up], 0.01)).toBeCloseTo((150 * 0.99) / (100 * 1.01) - 1, 12);
  });
});
