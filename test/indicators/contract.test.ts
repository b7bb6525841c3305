import { describe, expect, it } from 'vitest';
import { INDICATORS } from './catalogue.ts';
import { createSma } from '../../src/indicators/sma.ts';
import { createMacd } from '../../src/indicators/macd.ts';
import { at, flat, seededRandom, walk } from './market.ts';

const candles = walk({ seed: 3, count: 320, noise: 0.03 });

describe.each(INDICATORS)('$name', ({ create }) => {
  it('has no value before its warm-up and one from then on', () => {
    const indicator = create();
    candles.slice(0, indicator.warmUp + 10).forEach((candle, index) => {
      indicator.update(candle);
      expect(indicator.value() === undefined, `after ${index + 1} candles`).toBe(
        index + 1 < indicator.warmUp,
      );
    });
  });

  it('forgets replaced versions of a candle, at any age and any number of times', () => {
    const random = seededRandom(9);
    const plain = create();
    const replaced = create();
    for (const candle of candles) {
      plain.update(candle);
      const versions = Math.floor(random() * 3);
      replaced.update(versions === 0 ? candle : at(candles, Math.floor(random() * 300)));
      for (let version = 1; version <= versions; version += 1) {
        replaced.replace(version === versions ? candle : at(candles, Math.floor(random() * 300)));
      }
      expect(replaced.value()).toEqual(plain.value());
    }
  });

  it.each([
    ['NaN close', { close: NaN }],
    ['infinite high', { high: Infinity }],
    ['negative low', { low: -1 }],
    ['high under low', { high: 1, low: 2 }],
    ['NaN volume', { volume: NaN }],
  ])('refuses a candle with %s and is unchanged by it', (_, damage) => {
    const indicator = create();
    for (const candle of candles) indicator.update(candle);
    const before = indicator.value();
    const bad = { ...at(candles, -1), ...damage };
    expect(() => indicator.update(bad)).toThrow(RangeError);
    expect(() => indicator.replace(bad)).toThrow(RangeError);
    expect(indicator.value()).toEqual(before);
  });

  it('refuses to replace before the first candle', () => {
    expect(() => create().replace(at(candles, 0))).toThrow('no candle to replace');
  });

  it('stays finite in a flat market', () => {
    const indicator = create();
    for (const candle of flat(300, 0.5)) indicator.update(candle);
    const value = indicator.value();
    for (const each of typeof value === 'number' ? [value] : Object.values(value ?? {})) {
      expect(each).toSatisfy(Number.isFinite);
    }
    expect(value).toBeDefined();
  });
});

it('refuses periods that make no sense', () => {
  expect(() => createSma(0)).toThrow('whole number of 1 or more');
  expect(() => createSma(2.5)).toThrow(RangeError);
  expect(() => createMacd(26, 12)).toThrow('must be below');
});
