import { createAdx } from '../../src/indicators/adx.ts';
import { createAtr, createAtrMean } from '../../src/indicators/atr.ts';
import { createBollingerBands } from '../../src/indicators/bollinger-bands.ts';
import type { Indicator } from '../../src/indicators/indicator.ts';
import { createMacd } from '../../src/indicators/macd.ts';
import { createRsi } from '../../src/indicators/rsi.ts';
import { createSma } from '../../src/indicators/sma.ts';
import { createVolumeMean } from '../../src/indicators/volume-mean.ts';

export interface CatalogueEntry {
  readonly name: string;
  readonly create: () => Indicator<unknown>;
}

/** Every indicator with the periods Vigil uses. The contract test runs over this list. */
export const INDICATORS: readonly CatalogueEntry[] = [
  { name: 'ATR 14', create: () => createAtr() },
  { name: 'ATR 14 with its mean of 20', create: () => createAtrMean() },
  { name: 'RSI 14', create: () => createRsi() },
  { name: 'Bollinger Bands 20, 2', create: () => createBollingerBands() },
  { name: 'MACD 12/26/9', create: () => createMacd() },
  { name: 'SMA 20', create: () => createSma(20) },
  { name: 'SMA 50', create: () => createSma(50) },
  { name: 'SMA 200', create: () => createSma(200) },
  { name: 'ADX 14', create: () => createAdx() },
  { name: 'volume mean 20', create: () => createVolumeMean() },
];
