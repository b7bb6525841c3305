import { expect, it } from 'vitest';
import { candleAt, columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { damaged } from './damaged.ts';
import { recorded, recordedFolder } from './recorded-data.ts';
import { at, flat, walk } from '../indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** First place where the columns differ by a bit from the tracker fed candle by candle; how many rows have a snapshot. */
function compare(candles: readonly Candle[]): {
  readonly difference?: string;
  readonly ready: number;
} {
  const { fields, ready, counts } = snapshotColumns(columnsOf(candles), agreement);
  const tracker = createTracker('XUSDT', agreement);
  let snapshots = 0;
  for (const [row, candle] of candles.entries()) {
    const { kind } = tracker.feed(candle);
    const view = kind === 'refused' || kind === 'ignored' ? undefined : tracker.snapshot();
    if ((ready[row] === 1) !== (view !== undefined)) {
      return { difference: `row ${row}: ready ${ready[row]}, tracker ${kind}`, ready: snapshots };
    }
    if (view === undefined) continue;
    snapshots += 1;
    for (const [name, value] of Object.entries(view)) {
      const column = fields[name as keyof typeof fields][row];
      if (!Object.is(column, value)) {
        return { difference: `row ${row}, ${name}: ${column}, tracker ${value}`, ready: snapshots };
      }
    }
  }
  expect(counts).toEqual(tracker.counts());
  return { ready: snapshots };
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'columns equal the tracker to the last bit over damaged recordings, seed %i',
  (seed) => {
    const { difference, ready } = compare(damaged(seed, 2_500));
    expect(difference).toBeUndefined();
    expect(ready).toBeGreaterThan(200);
  },
);

it('columns equal the tracker where nothing is missing, at every offset to the 4 h grid', () => {
  for (const offset of [0, 1, 2, 3]) {
    const start = 1_700_006_400_000 + offset * HOUR;
    expect(compare(walk({ seed: 5 + offset, count: 400, start }))).toEqual({ ready: 225 });
  }
});

it.each([
  ['nothing', []],
  ['175 candles', walk({ seed: 2, count: 175 })],
  ['a flat market', flat(300, 5)],
  ['one hour missing in every ten', walk({ seed: 3, count: 900 }).filter((_, row) => row % 10 > 0)],
  ['one missing hour', walk({ seed: 3, count: 400 }).toSpliced(201, 1)],
  ['a missing day', walk({ seed: 3, count: 700 }).toSpliced(301, 24)],
])('columns equal the tracker over %s', (_, candles) => {
  expect(compare(candles).difference).toBeUndefined();
});

it('a row repeated with other figures has no snapshot, the last version has the one of a single row', () => {
  const candles = walk({ seed: 8, count: 300 });
  const last = at(candles, 299);
  const { fields, ready } = snapshotColumns(
    columnsOf([...candles.slice(0, 299), { ...last, close: last.low }, last]),
    agreement,
  );
  expect(Array.from(ready.slice(297))).toEqual([1, 1, 0, 1]);
  const plain = snapshotColumns(columnsOf(candles), agreement).fields;
  for (const [name, column] of Object.entries(fields)) {
    expect(column[300], name).toBe(plain[name as keyof typeof plain][299]);
  }
});

it('columns equal the tracker over recorded candles', ({ skip }) => {
  const folder = recordedFolder('spot-1h-2021-2023');
  if (folder === undefined) return skip('no recorded data: set VIGIL_DATA to its folder');
  const { columns } = recorded(folder, 'SOLUSDT');
  const candles = Array.from({ length: columns.length }, (_, row) => candleAt(columns, row));
  const { difference, ready } = compare(candles);
  expect(difference).toBeUndefined();
  expect(ready).toBeGreaterThan(23_000);
  return undefined;
});
