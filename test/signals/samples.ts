import type { Instrument, Ticker } from '../../src/domain/instrument.ts';
import { price, qty, usd } from '../../src/domain/money/money.ts';
import type { Snapshot } from '../../src/signals/agreement/snapshot.ts';

/** A snapshot that meets every filter and every confirmation of a long. */
export const UPTREND: Snapshot = {
  closedAt: 1_760_122_800_000,
  close: 103,
  volume: 1_000,
  volumeMean: 1_000,
  sma20: 100,
  sma50: 98,
  upperBand: 106,
  lowerBand: 94,
  rsi: 60,
  macd: 1,
  macdSignal: 0.5,
  adx: 30,
  atr: 1,
  atrMean: 1,
  close4h: 102,
  sma4h: 99,
  dayTurnover: 9_000_000,
};

/** The same around 100, mirrored: meets everything for a short. */
export const DOWNTREND: Snapshot = {
  ...UPTREND,
  close: 97,
  sma50: 102,
  rsi: 40,
  macd: -1,
  macdSignal: -0.5,
  close4h: 98,
  sma4h: 101,
};

export function instrument(symbol = 'SOLUSDT', over: Partial<Instrument> = {}): Instrument {
  return {
    symbol,
    base: symbol.replace(/USDT$/, ''),
    quote: 'USDT',
    tick: price('0.01'),
    step: qty('0.1'),
    priceDecimals: 2,
    qtyDecimals: 1,
    minQty: qty('0.1'),
    maxMarketQty: qty('100000'),
    maxLimitQty: qty('100000'),
    minLeverage: 1,
    maxLeverage: 50,
    status: 'open',
    apiTradable: true,
    ...over,
  };
}

export function ticker(symbol = 'SOLUSDT', quoteVolume = '9000000'): Ticker {
  return {
    symbol,
    mark: price('100'),
    last: price('100'),
    open24h: price('99'),
    high24h: price('101'),
    low24h: price('98'),
    quoteVolume24h: usd(quoteVolume),
    at: 1_760_122_800_000,
  };
}
