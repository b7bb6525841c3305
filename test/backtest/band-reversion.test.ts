import { describe, expect, it } from 'vitest';
import {
  BAND_REVERSION,
  runBandReversion,
  runVariants,
} from '../../src/backtest/reference/band-reversion.ts';
import { reversionColumns } from '../../src/backtest/reference/reversion-columns.ts';
import {
  candleAt,
  columnsOf,
  type CandleColumns,
} from '../../src/backtest/candles/candle-columns.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { at, flat, walk } from '../indicators/market.ts';
import * as reference from '../indicators/reference.ts';
import { recorded, recordedFolder } from './recorded-data.ts';

const market = { symbol: 'XUSDT', category: 'other' };
const run = (candles: CandleColumns) => runBandReversion(reversionColumns(candles), market);

/** The rule as plain loops over plain-loop indicators: entry row, exit row, exit price, reason. */
function byHand(candles: readonly Candle[]) {
  const rsi = reference.rsi(candles, 14);
  const bands = reference.bands(candles, 20);
  const trades: { entry: number; exit: number; price: number; reason: string }[] = [];
  let entryRow = -1;
  let entry = 0;
  for (let row = 1; row < candles.length; row += 1) {
    const { open, high, low } = at(candles, row);
    const signal =
      at(candles, row - 1).close < (bands[row - 1]?.lower ?? -1) && (rsi[row - 1] ?? 100) < 30;
    if (entryRow < 0 && signal) {
      entryRow = row;
      entry = open;
    }
    if (entryRow < 0) continue;
    const stop = entry * (1 - 0.015);
    const target = entry * (1 + 0.03);
    const done = (price: number, reason: string): void => {
      trades.push({ entry: entryRow, exit: row, price, reason });
      entryRow = -1;
    };
    if (open <= stop) done(open, 'stop');
    else if (open >= target) done(open, 'target');
    else if (low <= stop) done(stop, 'stop');
    else if (high >= target) done(target, 'target');
  }
  const last = candles.length - 1;
  if (entryRow >= 0) {
    trades.push({ entry: entryRow, exit: last, price: at(candles, last).close, reason: 'end' });
  }
  return trades;
}

function expectSame(columns: CandleColumns): number {
  const candles = Array.from({ length: columns.length }, (_, row) => candleAt(columns, row));
  const expected = byHand(candles).map(({ entry, exit, price, reason }) => {
    const entryPrice = at(candles, entry).open;
    const quantity = 100 / entryPrice;
    const fees = 0.0006 * (100 + quantity * price);
    return {
      entryTime: at(candles, entry).openTime,
      entryPrice,
      exitTime: at(candles, exit).openTime,
      exitPrice: price,
      quantity,
      fees,
      pnl: quantity * (price - entryPrice) - fees,
      reason,
    };
  });
  const actual = run(columns);
  expect(actual).toHaveLength(expected.length);
  actual.forEach((trade, index) => expect(trade).toMatchObject(at(expected, index)));
  return actual.length;
}

describe('runBandReversion', () => {
  it.each([1, 2, 3])(
    'gives the trades of plain loops on 5,000 generated candles, seed %i',
    (seed) => {
      expect(expectSame(columnsOf(walk({ seed, count: 5_000, noise: 0.012 })))).toBeGreaterThan(20);
    },
  );

  it('gives the trades of plain loops on recorded candles', ({ skip }) => {
    const folder = recordedFolder('spot-1h-2021-2023');
    if (folder === undefined) return skip('no recorded data: set VIGIL_DATA to its folder');
    expect(expectSame(recorded(folder, 'SOLUSDT').columns)).toBeGreaterThan(200);
    return undefined;
  });

  it('knows no trade in 10 candles, in none, and in a flat market', () => {
    expect(run(columnsOf(walk({ count: 10 })))).toEqual([]);
    expect(run(columnsOf([]))).toEqual([]);
    expect(run(columnsOf(flat(500, 1)))).toEqual([]);
  });

  it('does not act on a signal of the very last candle', () => {
    const candles = walk({ seed: 4, count: 60, noise: 0.001 });
    const fall = { ...at(candles, -1), close: 50, low: 49 };
    expect(run(columnsOf([...candles.slice(0, -1), fall]))).toEqual([]);
  });

  it('closes what is open at the end at the last close', () => {
    const candles = walk({ seed: 4, count: 60, noise: 0.001 });
    const fall = { ...at(candles, -1), close: 50, low: 49 };
    const calm = {
      openTime: fall.openTime + 3_600_000,
      open: 50,
      high: 50.2,
      low: 49.9,
      close: 50.1,
      volume: 1,
    };
    const [trade] = run(columnsOf([...candles.slice(0, -1), fall, calm]));
    expect(trade).toMatchObject({ reason: 'end', entryPrice: 50, exitPrice: 50.1, candles: 1 });
    expect(trade?.mfe).toBeCloseTo(0.004, 12);
    expect(trade?.mae).toBeCloseTo(0.002, 12);
  });

  it('gives each of many variants the trades that it has alone', () => {
    const columns = reversionColumns(columnsOf(walk({ seed: 1, count: 5_000, noise: 0.012 })));
    const rules = [20, 25, 30, 35, 200].flatMap((rsiBelow) =>
      [0.01, 0.02].flatMap((stop) => [
        { ...BAND_REVERSION, rsiBelow, stop },
        { ...BAND_REVERSION, rsiBelow, stop, target: 0.1, notional: 7, takerFee: 0 },
      ]),
    );
    const { figures: all, tradesOf } = runVariants(columns, market, rules);
    const alone = rules.map((rule) => runBandReversion(columns, market, rule));
    expect(rules.map((_, index) => tradesOf(index))).toEqual(alone);
    expect(all[0]?.count).toBeLessThan(all[12]?.count ?? 0);
    expect(all.map(({ rule }) => rule)).toEqual(rules);
    for (const [index, { count, wins, pnl, sumR }] of all.entries()) {
      const trades = at(alone, index);
      expect(count).toBe(trades.length);
      expect(wins).toBe(trades.filter((each) => each.pnl > 0).length);
      expect(pnl).toBeCloseTo(
        trades.reduce((sum, each) => sum + each.pnl, 0),
        9,
      );
      expect(sumR).toBeCloseTo(
        trades.reduce((sum, each) => sum + each.pnl / each.risk, 0),
        9,
      );
    }
    expect(() => tradesOf(rules.length)).toThrow(RangeError);
    expect(runVariants(columns, market, []).figures).toEqual([]);
  });
});
