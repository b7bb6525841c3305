import { describe, expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import {
  baseVolume,
  toCandle,
  toFundingRate,
  toFundingSettlement,
  toInstrument,
  toRiskTier,
  toTicker,
} from '../../src/exchange/bitunix/map-market.ts';
import { closedCandles } from '../../src/exchange/bitunix/read/market-data.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import { FUNDING_ROW, KLINE_ROW, PAIR_ROW, TICKER_ROW, TIER_ROW } from './support/rows.ts';

const none = (): void => undefined;

function value<T>(mapped: Mapped<T>): T {
  if ('problem' in mapped) throw new Error(mapped.problem);
  return mapped.value;
}

describe('instrument', () => {
  it('derives tick and step from the number of decimals', () => {
    const btc = value(toInstrument(PAIR_ROW, none));
    expect(toText(btc.tick)).toBe('0.1');
    expect(toText(btc.step)).toBe('0.0001');
    expect(toText(value(toInstrument({ ...PAIR_ROW, quotePrecision: 0 }, none)).tick)).toBe('1');
  });

  it('has no protection band when the exchange names none, and tells whether the API may trade it', () => {
    expect(
      value(toInstrument({ ...PAIR_ROW, priceProtectScope: null }, none)).priceProtect,
    ).toBeUndefined();
    expect(value(toInstrument({ ...PAIR_ROW, isApiSupported: false }, none)).apiTradable).toBe(
      false,
    );
    expect(value(toInstrument({ ...PAIR_ROW, delistTime: '1767225600000' }, none)).delistTime).toBe(
      1_767_225_600_000,
    );
  });

  it('reports an unknown status and keeps the contract', () => {
    const words: string[] = [];
    const odd = value(
      toInstrument({ ...PAIR_ROW, symbolStatus: 'FROZEN' }, (_, word) => words.push(word)),
    );
    expect(odd.status).toBe('unknown');
    expect(words).toEqual(['FROZEN']);
  });
});

describe('ticker', () => {
  it('is left out when a figure is missing or zero', () => {
    expect(toText(value(toTicker(TICKER_ROW, 7)).mark)).toBe('3120.41');
    expect(toTicker({ ...TICKER_ROW, markPrice: '0' }, 7)).toEqual({
      problem: 'markPrice is "0", not a price',
    });
    expect(toTicker({ ...TICKER_ROW, high: null }, 7)).toHaveProperty('problem');
  });
});

describe('candles', () => {
  it('take the base volume whichever way round the two come', () => {
    expect(value(toCandle(KLINE_ROW)).volume).toBe(20.0512);
    const swapped = { ...KLINE_ROW, quoteVol: KLINE_ROW.baseVol, baseVol: KLINE_ROW.quoteVol };
    expect(value(toCandle(swapped)).volume).toBe(20.0512);
    expect(baseVolume({ baseVol: 5_000, quoteVol: 0.05 }, 0.00001)).toBe(5_000);
    expect(baseVolume({ baseVol: 0.05, quoteVol: 5_000 }, 0.00001)).toBe(5_000);
  });

  it('refuse rows whose figures contradict each other', () => {
    expect(toCandle({ ...KLINE_ROW, high: '59000' })).toHaveProperty('problem');
    expect(toCandle({ ...KLINE_ROW, low: '0' })).toHaveProperty('problem');
    expect(toCandle({ ...KLINE_ROW, time: '1767225540' })).toHaveProperty('problem');
  });

  it('come out closed, oldest first, each once, before the end that was asked for', () => {
    const at = (openTime: number) => ({ openTime, open: 1, high: 1, low: 1, close: 1, volume: 1 });
    const rows = [at(240_000), at(180_000), at(120_000), at(120_000), at(60_000)];
    const wanted = { interval: '1m', limit: 10, before: undefined, now: 299_999 } as const;
    const times = (list: readonly { openTime: number }[]) => list.map((each) => each.openTime);
    expect(times(closedCandles(rows, wanted))).toEqual([60_000, 120_000, 180_000]);
    expect(times(closedCandles(rows, { ...wanted, now: 300_000, limit: 2 }))).toEqual([
      180_000, 240_000,
    ]);
    expect(times(closedCandles(rows, { ...wanted, before: 180_000 }))).toEqual([60_000, 120_000]);
  });
});

describe('funding', () => {
  it('is a percentage in the batch and a fraction in the history', () => {
    expect(toText(value(toFundingRate(FUNDING_ROW)).rate)).toBe('0.0001');
    const past = { fundingRate: '-0.0000077', fundingTime: '1767225600000' };
    expect(toText(value(toFundingSettlement(past)).rate)).toBe('-0.0000077');
  });
});

it('reads a risk tier', () => {
  const tier = value(toRiskTier(TIER_ROW));
  expect([tier.level, toText(tier.to), toText(tier.maintenanceRate), tier.maxLeverage]).toEqual([
    1,
    '150000',
    '0.004',
    200,
  ]);
});
