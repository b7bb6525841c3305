import type { CandleColumns } from '../../src/backtest/candles/candle-columns.ts';
import { adxColumn, createAdx } from '../../src/indicators/adx.ts';
import { atrColumn, atrMeanColumns, createAtr, createAtrMean } from '../../src/indicators/atr.ts';
import { bollingerColumns, createBollingerBands } from '../../src/indicators/bollinger-bands.ts';
import type { Indicator } from '../../src/indicators/indicator.ts';
import { createMacd, macdColumns } from '../../src/indicators/macd.ts';
import { createRsi, rsiColumn } from '../../src/indicators/rsi.ts';
import { createSma, smaColumn } from '../../src/indicators/sma.ts';
import { createVolumeMean, volumeMeanColumn } from '../../src/indicators/volume-mean.ts';

export interface CatalogueEntry {
  readonly name: string;
  readonly create: () => Indicator<unknown>;
  /** The same indicator as one column, or as one column for each part of its value. */
  readonly columns: (
    candles: CandleColumns,
  ) => Float64Array | Readonly<Record<string, Float64Array>>;
  /** Power of the price's unit in the value: 0 for scale-free ones, 1 for prices. Volumes are not scaled. */
  readonly priceUnit: 0 | 1;
}

/** Every indicator with the periods Vigil uses, and some with others. The contract and the columns test run over this list. */
export const INDICATORS: readonly CatalogueEntry[] = [
  {
    name: 'ATR 14',
    create: () => createAtr(),
    columns: (candles) => atrColumn(candles),
    priceUnit: 1,
  },
  {
    name: 'ATR 14 with its mean of 20',
    create: () => createAtrMean(),
    columns: (candles) => ({ ...atrMeanColumns(candles) }),
    priceUnit: 1,
  },
  {
    name: 'RSI 14',
    create: () => createRsi(),
    columns: ({ close }) => rsiColumn(close),
    priceUnit: 0,
  },
  {
    name: 'RSI 2',
    create: () => createRsi(2),
    columns: ({ close }) => rsiColumn(close, 2),
    priceUnit: 0,
  },
  {
    name: 'Bollinger Bands 20, 2',
    create: () => createBollingerBands(),
    columns: ({ close }) => ({ ...bollingerColumns(close) }),
    priceUnit: 1,
  },
  {
    name: 'Bollinger Bands 7, 2.5',
    create: () => createBollingerBands(7, 2.5),
    columns: ({ close }) => ({ ...bollingerColumns(close, 7, 2.5) }),
    priceUnit: 1,
  },
  {
    name: 'MACD 12/26/9',
    create: () => createMacd(),
    columns: ({ close }) => ({ ...macdColumns(close) }),
    priceUnit: 1,
  },
  {
    name: 'MACD 3/5/2',
    create: () => createMacd(3, 5, 2),
    columns: ({ close }) => ({ ...macdColumns(close, { short: 3, long: 5, signal: 2 }) }),
    priceUnit: 1,
  },
  ...[1, 20, 50, 200].map((period) => ({
    name: `SMA ${period}`,
    create: () => createSma(period),
    columns: ({ close }: CandleColumns) => smaColumn(close, period),
    priceUnit: 1 as const,
  })),
  {
    name: 'ADX 14',
    create: () => createAdx(),
    columns: (candles) => adxColumn(candles),
    priceUnit: 0,
  },
  {
    name: 'volume mean 20',
    create: () => createVolumeMean(),
    columns: ({ volume }) => volumeMeanColumn(volume),
    priceUnit: 0,
  },
];
