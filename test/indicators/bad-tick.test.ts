import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { badTick, isCalm } from '../../src/indicators/bad-tick.ts';
import { candleFault } from '../../src/indicators/candle-fault.ts';

const candle = (over: object = {}) => ({
  openTime: 0,
  open: 100,
  high: 101,
  low: 99,
  close: 100,
  volume: 1,
  ...over,
});

describe('a bad tick', () => {
  it.each([
    [
      'an open over four times the close before',
      { open: 400.1, close: 400, high: 401 },
      100,
      'level',
    ],
    ['a close over twenty times the one before', { close: 2_000.1, high: 2_001 }, 100, 'level'],
    ['a close at a tenth of the one before', { close: 10, low: 9.5 }, 100, 'level'],
    [
      'a far close of a candle that opens away from the one before',
      { open: 106, high: 106, close: 20, low: 20 },
      100,
      'level',
    ],
    ['an open under a quarter of the close before', { open: 24.9, low: 24 }, 100, 'level'],
    ['a high over five times open and close', { high: 500.1 }, 100, 'wick'],
    ['a low under a twentieth of open and close', { low: 4.9 }, 100, 'wick'],
    ['a wick on the very first candle', { high: 501 }, undefined, 'wick'],
  ])('is %s', (_what, over, before, kind) => {
    expect(badTick(candle(over), before)?.kind).toBe(kind);
  });

  it.each([
    ['exactly four times', { open: 400, close: 400, high: 401 }, 100],
    [
      'a crash that was traded through',
      { open: 0.37919, high: 0.38389, low: 0.02144, close: 0.02413 },
      0.37928,
    ],
    ['a rise of five times that was traded through', { close: 500, high: 501 }, 100],
    ['exactly a quarter', { close: 25, low: 25 }, 100],
    ['a high of exactly five times', { high: 500 }, 100],
    ['a low of exactly a twentieth', { low: 5 }, 100],
    [
      'the worst recorded wick of a crash',
      { open: 2.269, high: 2.299, low: 0.119, close: 1.249 },
      2.269,
    ],
    ['any level on the first candle', {}, undefined],
  ])('is not %s', (_what, over, before) => {
    expect(badTick(candle(over), before)).toBeUndefined();
  });

  it('says what is wrong with which price', () => {
    expect(badTick(candle({ close: 12_345, high: 12_345 }), 100)?.reason).toBe(
      'close 12345 is 123 times the close before, 100',
    );
    expect(badTick(candle({ open: 10, low: 10 }), 100)?.reason).toBe(
      'open 10 is 1/10 of the close before, 100',
    );
    expect(badTick(candle({ high: 1_000 }), 100)?.reason).toBe(
      'high 1000 is 10 times open and close',
    );
    expect(badTick(candle({ low: 1 }), 100)?.reason).toBe('low 1 is 1/100 of open and close');
  });
});

it('a calm row holds a sound candle in which no rule names a bad tick', () => {
  const share = (min: number, max: number) =>
    fc.oneof(
      { arbitrary: fc.double({ min, max, noNaN: true }), weight: 20 },
      { arbitrary: fc.constantFrom(0, 1, 4, NaN, -1, Infinity), weight: 1 },
    );
  const parts = fc.record({
    low: fc.double({ min: 1e-8, max: 1e5, noNaN: true }),
    span: share(-0.1, 5),
    open: share(-0.1, 1.1),
    close: share(-0.1, 1.1),
    before: share(0.2, 6),
    volume: fc.constantFrom(0, 1, 1, 1, -1, NaN, Infinity),
  });
  let calm = 0;
  fc.assert(
    fc.property(parts, ({ low, span, open, close, before, volume }) => {
      const at = (part: number): number => low * (1 + span * part);
      const figures = { open: at(open), high: at(1), low, close: at(close), volume };
      const row = { openTime: 3_600_000, ...figures };
      const columns = columnsOf([{ ...row, openTime: 0, close: low * before }, row]);
      expect(isCalm(columns, 0)).toBe(false);
      if (!isCalm(columns, 1)) return;
      calm += 1;
      expect(candleFault(row)).toBeUndefined();
      expect(badTick(row, low * before)).toBeUndefined();
    }),
    { numRuns: 5_000 },
  );
  expect(calm).toBeGreaterThan(300);
});
