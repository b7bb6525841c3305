import { expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { lengthOf } from '../../src/backtest/candles/candle-length.ts';
import { dataLines, describeData } from '../../src/backtest/candles/data-report.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { at, walk } from '../indicators/market.ts';

const candles = walk({ seed: 4, count: 40 });

it('tells the length of candles by the commonest step, gaps or not', () => {
  expect(lengthOf(columnsOf(candles.toSpliced(10, 5).toSpliced(20, 1)))).toBe('1h');
  const quarters = candles.map((each, i) => ({ ...each, openTime: i * 15 * MINUTE }));
  expect(lengthOf(columnsOf(quarters))).toBe('15m');
  const odd = candles.map((each, i) => ({ ...each, openTime: i * 7 * MINUTE }));
  expect(lengthOf(columnsOf(odd))).toBeUndefined();
  expect(lengthOf(columnsOf(candles.slice(0, 1)))).toBeUndefined();
});

it('counts gaps, silent candles and the rows that were left out, with the first one', () => {
  const holed = candles
    .toSpliced(30, 1)
    .toSpliced(10, 5)
    .map((each, i) => (i === 2 ? { ...each, volume: 0 } : each));
  const faults = [
    { line: 7, kind: 'bad tick', reason: 'close 9 is 100 times the close before, 0.09' },
    { line: 9, kind: 'repeated', reason: 'the same time as the row before' },
    { line: 10, kind: 'repeated', reason: 'the same time as the row before' },
  ] as const;
  const report = describeData(
    'SOLUSDT',
    { columns: columnsOf(holed), faults, usedTicks: faults.slice(0, 1) },
    HOUR,
  );
  expect(report).toMatchObject({
    candles: 34,
    from: at(candles, 0).openTime,
    to: at(candles, -1).openTime + HOUR,
    gaps: 2,
    missing: 6,
    longestGapMs: 5 * HOUR,
    withoutVolume: 1,
    leftOut: { 'bad tick': 1, repeated: 2 },
  });
  expect(dataLines([report])).toEqual([
    'data: 34 candles; 2 gaps (6 candles missing, longest 5 h 00 min); 1 candle without volume',
    'rows left out: SOLUSDT: 2 repeated, 1 bad tick; first in line 7: close 9 is 100 times the close before, 0.09',
    'prices that jump, used because the rule uses every row: SOLUSDT: 1 row; first in line 7: close 9 is 100 times the close before, 0.09',
  ]);
  const many = Array.from({ length: 20 }, () => report);
  expect(dataLines(many).at(-1)).toBe('and rows of 8 more symbols; --json has all');
});
