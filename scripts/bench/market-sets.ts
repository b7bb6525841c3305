import { readdirSync } from 'node:fs';
import { columnsOf, type CandleColumns } from '../../src/backtest/candles/candle-columns.ts';
import { RECORDED_TIERS, recordedInstrument } from '../../src/backtest/trade/instrument.ts';
import type { PortfolioMarket } from '../../src/backtest/candles/market.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { recorded, recordedFolder } from '../../test/backtest/recorded-data.ts';
import { walk } from '../../test/indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** Several markets that are run through together. */
export interface MarketSet {
  readonly name: string;
  readonly candles: readonly CandleColumns[];
}

const generated = (seed: number, count: number, noise: number): CandleColumns =>
  columnsOf(walk({ seed, count, noise }));

/** Generated candles, calm to wild and short to long, and the recorded ones where this machine has them. */
export function marketSets(): readonly MarketSet[] {
  const wild = Array.from({ length: 20 }, (_, seed) => generated(40 + seed, 5_000, 0.04));
  const own: readonly MarketSet[] = [
    { name: '500,000 calm candles', candles: [generated(5, 500_000, 0.001)] },
    { name: '100,000 candles', candles: [generated(1, 100_000, 0.012)] },
    { name: '20 x 5,000 wild candles', candles: wild },
  ];
  const recordings = ['spot-1h-2021-2023', 'perps-1h-2025-10'].flatMap((name) => {
    const folder = recordedFolder(name);
    return folder === undefined ? [] : [{ name, candles: recordedCandles(folder) }];
  });
  return [...own, ...recordings];
}

const recordedCandles = (folder: string): CandleColumns[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.csv.gz'))
    .map((file) => recorded(folder, file.replace('.csv.gz', '')).columns);

const onTick = (price: number): number => Math.max(1, Math.round(price * 1e4)) / 1e4;

/** Generated markets of one account, Bitcoin among them, on ticks of 0.0001. */
export function accountMarkets(markets: number, count: number): readonly PortfolioMarket[] {
  return Array.from({ length: markets }, (_, seed) => {
    const symbol = seed === 0 ? 'BTCUSDT' : `COIN${seed}USDT`;
    const drift = (seed - markets / 2) / 8_000;
    const candles = walk({ seed: 100 + seed, count, noise: 0.008, drift }).map((each) => ({
      ...each,
      open: onTick(each.open),
      high: onTick(each.high),
      low: onTick(each.low),
      close: onTick(each.close),
    }));
    return {
      instrument: recordedInstrument({ symbol, priceDecimals: 4, price: 100 }),
      category: `kind ${seed % 3}`,
      tiers: RECORDED_TIERS,
      columns: snapshotColumns(columnsOf(candles), agreement),
    };
  });
}
