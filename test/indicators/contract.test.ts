import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/domain/candle.ts';
import { INDICATORS } from './catalogue.ts';
import { createSma } from '../../src/indicators/sma.ts';
import { createMacd } from '../../src/indicators/macd.ts';
import { at, flat, seededRandom, walk } from './market.ts';

const candles = walk({ seed: 3, count: 320, noise: 0.03 });

/** What no exchange should send, and some has. */
const BAD: readonly (readonly [string, Partial<Candle>])[] = [
  ...(['open', 'high', 'low', 'close', 'volume'] as const).flatMap((field) =>
    [NaN, Infinity, -Infinity, -1].map((bad): [string, Partial<Candle>] => [
      `${field} ${bad}`,
      { [field]: bad },
    ]),
  ),
  ['a close of 0', { close: 0 }],
  ['a high under its low', { high: 1, low: 2 }],
  ['a close over its high', { close: 1e9 }],
  ['no open time', { openTime: NaN }],
  ['an open time between milliseconds', { openTime: 1_700_006_400_000.5 }],
];

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
      const { openTime } = candle;
      const other = () => ({ ...at(candles, Math.floor(random() * 300)), openTime });
      plain.update(candle);
      const versions = Math.floor(random() * 3);
      replaced.update(versions === 0 ? candle : other());
      for (let version = 1; version <= versions; version += 1) {
        replaced.replace(version === versions ? candle : other());
      }
      expect(replaced.value()).toEqual(plain.value());
    }
  });

  it.each(BAD)('refuses a candle with %s and goes on as if it had never come', (_, damage) => {
    const indicator = create();
    const untouched = create();
    for (const [index, candle] of candles.entries()) {
      if (index === 250) {
        const bad = { ...candle, ...damage };
        expect(() => indicator.update(bad)).toThrow(RangeError);
        expect(() => indicator.replace(bad)).toThrow(RangeError);
        expect(indicator.value()).toEqual(untouched.value());
      }
      indicator.update(candle);
      untouched.update(candle);
    }
    expect(indicator.value()).toEqual(untouched.value());
  });

  it('refuses a candle out of order and goes on as if it had never come', () => {
    const indicator = create();
    for (const candle of candles.slice(0, 250)) indicator.update(candle);
    const before = indicator.value();
    expect(() => indicator.update(at(candles, 249))).toThrow('is not after');
    expect(() => indicator.update(at(candles, 100))).toThrow('is not after');
    expect(() => indicator.replace(at(candles, 248))).toThrow('is not the last one');
    expect(() => indicator.replace(at(candles, 250))).toThrow('is not the last one');
    expect(indicator.value()).toEqual(before);
    const untouched = create();
    for (const candle of candles) untouched.update(candle);
    for (const candle of candles.slice(250)) indicator.update(candle);
    expect(indicator.value()).toEqual(untouched.value());
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
