import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sliceColumns } from '../../src/backtest/candles/candle-columns.ts';
import { discriminationOf } from '../../src/backtest/study/discrimination.ts';
import { RECORDED_TIERS, recordedInstrument } from '../../src/backtest/trade/instrument.ts';
import { recordOfResults, resultsOf } from '../../src/backtest/study/record.ts';
import { recordOf } from '../../src/backtest/study/measured.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { trackSignals, strategyChooser } from '../../src/backtest/study/study.ts';
import { byEntry, tradesText, type Trade } from '../../src/backtest/trade/trade.ts';
import { recorded, recordedFolder } from './recorded-data.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const FOLDERS = ['spot-1h-2021-2023', 'perps-1h-2025-10'] as const;
const { parameters } = agreement;

/** The market of a recording as the backtest command makes it; undefined where there are too few candles. */
function marketOf(folder: string, symbol: string) {
  const { columns, priceDecimals } = recorded(folder, symbol);
  const candles = sliceColumns(columns, 0, columns.length - 1);
  if (candles.length < agreement.minHistory) return undefined;
  const price = candles.close[0] ?? NaN;
  return {
    symbol,
    category: '',
    instrument: recordedInstrument({ symbol, priceDecimals, price }),
    tiers: RECORDED_TIERS,
    columns: snapshotColumns(candles, agreement),
  };
}

it.for(FOLDERS.map((name, index) => [name, index] as const))(
  'the published measurement of %s is what a run over the recorded candles gives',
  { timeout: 600_000 },
  ([name, index], context) => {
    const folder = recordedFolder(name);
    if (folder === undefined) return context.skip('no recorded candles on this machine');
    const symbols = readdirSync(folder)
      .filter((file) => file.endsWith('.csv.gz'))
      .map((file) => file.replace('.csv.gz', ''));
    const markets = symbols.flatMap((symbol) => marketOf(folder, symbol) ?? []);
    const trades: Trade[] = markets
      .flatMap((market) => trackSignals(market, strategyChooser(parameters), { parameters }))
      .sort(byEntry);
    const published = recordOf('agreement').measurements[index];
    const hash = createHash('sha256').update(tradesText(trades)).digest('hex');
    expect([markets.length, trades.length, hash]).toEqual([
      published?.symbols,
      published?.n,
      published?.tradesSha256,
    ]);
    const rounded = ({ mean, low, high }: { mean: number; low: number; high: number }) =>
      Object.fromEntries(
        Object.entries({ mean, low, high }).map(([key, value]) => [key, Number(value.toFixed(3))]),
      );
    const sides = recordOfResults(resultsOf(markets, trades, parameters)).sides;
    expect(
      sides.map(({ side, n, targets, meanR, weeks }) => ({
        side,
        n,
        targets,
        meanR: rounded(meanR),
        weeks,
      })),
    ).toEqual(
      published?.sides.map(({ side, n, targets, meanR, weeks }) => ({
        side,
        n,
        targets,
        meanR,
        weeks,
      })),
    );
    const { signalShare } = discriminationOf(markets, [], parameters);
    expect(Number(signalShare.toFixed(4))).toBe(published?.signalShare);
  },
);
