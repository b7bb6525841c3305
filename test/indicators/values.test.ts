import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/domain/candle.ts';
import { createAdx } from '../../src/indicators/adx.ts';
import { createAtr, createAtrMean } from '../../src/indicators/atr.ts';
import { createBollingerBands } from '../../src/indicators/bollinger-bands.ts';
import type { Indicator } from '../../src/indicators/indicator.ts';
import { createMacd } from '../../src/indicators/macd.ts';
import { createRsi } from '../../src/indicators/rsi.ts';
import { createSma } from '../../src/indicators/sma.ts';
import { createVolumeMean } from '../../src/indicators/volume-mean.ts';
import { at, flat, walk } from './market.ts';
import * as reference from './reference.ts';

const candles = walk({ seed: 42, count: 600, noise: 0.02 });
const closes = candles.map((each) => each.close);
const volumes = candles.map((each) => each.volume);

function column<V>(indicator: Indicator<V>, input: readonly Candle[]): (V | undefined)[] {
  return input.map((candle) => {
    indicator.update(candle);
    return indicator.value();
  });
}

const numbersOf = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`no numbers in ${String(value)}`);
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, each]) => Number(each));
};

function expectSame(actual: readonly unknown[], expected: readonly unknown[]): void {
  expect(actual.map((each) => each === undefined)).toEqual(
    expected.map((each) => each === undefined),
  );
  actual.forEach((value, index) => {
    if (value === undefined) return;
    const wanted = numbersOf(expected[index]);
    numbersOf(value).forEach((each, position) => {
      expect(Math.abs(each - (wanted[position] ?? NaN))).toBeLessThan(1e-9);
    });
  });
}

describe('indicator values equal plain loops on 600 candles', () => {
  const atrColumn = reference.atr(candles, 14);
  const cases: [string, Indicator<unknown>, unknown[]][] = [
    ['SMA 20', createSma(20), reference.mean(closes, 20)],
    ['SMA 50', createSma(50), reference.mean(closes, 50)],
    ['SMA 200', createSma(200), reference.mean(closes, 200)],
    ['MACD 12/26/9', createMacd(), reference.macd(closes)],
    ['Bollinger Bands', createBollingerBands(), reference.bands(candles, 20)],
    ['RSI 14', createRsi(), reference.rsi(candles, 14)],
    ['ATR 14', createAtr(), atrColumn],
    ['ADX 14', createAdx(), reference.adx(candles, 14)],
    ['volume mean 20', createVolumeMean(), reference.mean(volumes, 20)],
  ];
  it.each(cases)('%s', (_, indicator, expected) => {
    expectSame(column(indicator, candles), expected);
  });

  it('ATR with its mean of 20', () => {
    const known = atrColumn.filter((each) => each !== undefined);
    const means = reference.mean(known, 20);
    const expected = known.map((atr, index) => {
      const mean = means[index];
      return mean === undefined ? undefined : { atr, mean };
    });
    expectSame(column(createAtrMean(), candles), [
      ...Array.from({ length: 14 }, () => undefined),
      ...expected,
    ]);
  });
});

/** Wilder's own worked example of the RSI, as printed in many textbooks: closes and the first values, to two decimals. */
it('RSI gives the values of the worked example that textbooks print', () => {
  const example = [
    44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.1, 45.42, 45.84, 46.08, 45.89, 46.03, 45.61, 46.28,
    46.28, 46.0, 46.03, 46.41, 46.22, 45.64,
  ];
  const input = example.map((close, index) => ({ ...at(flat(20, 1), index), ...ohlc(close) }));
  const values = column(createRsi(), input).filter((each) => each !== undefined);
  expect(values.map((each) => Math.round(each * 100) / 100)).toEqual([
    70.46, 66.25, 66.48, 69.35, 66.29, 57.92,
  ]);
});

const ohlc = (close: number): Pick<Candle, 'open' | 'high' | 'low' | 'close'> => ({
  open: close,
  high: close,
  low: close,
  close,
});

describe('special markets', () => {
  it.each([0.000_01, 100, 100_000])('RSI of a flat market at %d is 50', (price) => {
    expect(column(createRsi(), flat(30, price)).at(-1)).toBe(50);
  });

  it.each([0.000_01, 100_000])(
    'RSI of 14 straight rises from %d is 100, of 14 falls 0',
    (price) => {
      const rising = flat(15, price).map((each, index) => ({
        ...each,
        ...ohlc(price * (1 + index / 100)),
      }));
      const falling = flat(15, price).map((each, index) => ({
        ...each,
        ...ohlc(price * (1 - index / 100)),
      }));
      expect(column(createRsi(), rising).at(-1)).toBe(100);
      expect(column(createRsi(), falling).at(-1)).toBe(0);
    },
  );

  it('ADX of a flat market is 0 and recovers when the market moves', () => {
    const indicator = createAdx();
    expect(column(indicator, flat(40, 5)).at(-1)).toBe(0);
    const moving = walk({ count: 60, drift: 0.01, start: 1_800_000_000_000, price: 5 });
    expect(column(indicator, moving).at(-1)).toBeGreaterThan(20);
  });

  it('Bollinger Bands do not drift when the price falls a million-fold', () => {
    const crashing = walk({ seed: 7, count: 400, price: 1_000_000, drift: -0.034 });
    const last = at(column(createBollingerBands(), crashing), -1);
    const expected = at(reference.bands(crashing, 20), -1);
    expect(Math.abs((last?.lower ?? NaN) / (expected?.lower ?? NaN) - 1)).toBeLessThan(1e-9);
  });
});
