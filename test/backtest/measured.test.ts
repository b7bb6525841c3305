import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { byScoreBand } from '../../src/backtest/breakdown.ts';
import { sliceColumns } from '../../src/backtest/candle-columns.ts';
import { recordedInstrument } from '../../src/backtest/instrument.ts';
import { MEASUREMENTS } from '../../src/backtest/measured.ts';
import { snapshotColumns } from '../../src/backtest/snapshot-columns.ts';
import { followSignals, strategyChooser } from '../../src/backtest/study.ts';
import { byEntry, tradesText, type Trade } from '../../src/backtest/trade.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { recorded, recordedFolder } from './recorded-data.ts';

it('the published measurement is what a run over the recorded candles gives', (context) => {
  const folder = recordedFolder('spot-1h-2021-2023');
  if (folder === undefined) return context.skip('no recorded candles on this machine');
  const trades: Trade[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.csv.gz'))) {
    const symbol = file.replace('.csv.gz', '');
    const { columns, priceDecimals } = recorded(folder, symbol);
    const candles = sliceColumns(columns, 0, columns.length - 1);
    const instrument = recordedInstrument({
      symbol,
      priceDecimals,
      price: candles.close[0] ?? NaN,
    });
    const market = {
      symbol,
      category: '',
      instrument,
      columns: snapshotColumns(candles),
    };
    const parameters = DEFAULT_STRATEGY;
    trades.push(...followSignals(market, strategyChooser(parameters), { parameters }));
  }
  trades.sort(byEntry);
  const [spot] = MEASUREMENTS;
  const hash = createHash('sha256').update(tradesText(trades)).digest('hex');
  expect(hash).toBe(spot?.tradesSha256);
  expect(byScoreBand(trades).map(({ key, winRate }) => [key, winRate.n, winRate.hits])).toEqual(
    spot?.bands.map(({ band, n, wins }) => [band, n, wins]),
  );
}, 60_000);
