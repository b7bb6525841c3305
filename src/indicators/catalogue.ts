import { createAdx } from './adx.ts';
import { createAtr, createAtrMean } from './atr.ts';
import { createBollingerBands } from './bollinger-bands.ts';
import { createEma } from './ema.ts';
import type { Indicator } from './indicator.ts';
import { createMacd } from './macd.ts';
import { createRsi } from './rsi.ts';
import { createSma } from './sma.ts';
import { createVolumeMean } from './volume-mean.ts';

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
  { name: 'EMA 12', create: () => createEma(12) },
  { name: 'EMA 26', create: () => createEma(26) },
  { name: 'MACD 12/26/9', create: () => createMacd() },
  { name: 'SMA 20', create: () => createSma(20) },
  { name: 'SMA 50', create: () => createSma(50) },
  { name: 'SMA 200', create: () => createSma(200) },
  { name: 'ADX 14', create: () => createAdx() },
  { name: 'volume mean 20', create: () => createVolumeMean() },
];
