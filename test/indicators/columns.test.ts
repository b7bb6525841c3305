import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { createRsi, rsiColumn } from '../../src/indicators/rsi.ts';
import { INDICATORS, type CatalogueEntry } from './catalogue.ts';
import { flat, joined, onTicks, seededRandom, walk } from './market.ts';

const random = seededRandom(77);
const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
/** Awkward markets by name. Gaps in time are nothing that an indicator sees. */
const MARKETS: readonly (readonly [string, readonly Candle[]])[] = [
  ...seeds.map((seed): [string, Candle[]] => {
    const shape = { seed, count: 260 + seed, noise: 0.001 + 0.06 * random() };
    return [`random walk ${seed}`, walk({ ...shape, price: 10 ** Math.floor(random() * 12 - 6) })];
  }),
  ['flat', flat(300, 0.3)],
  ['flat, then moving', joined(flat(60, 100), walk({ seed: 3, count: 240 }))],
  ['moving, then flat', joined(walk({ seed: 3, count: 60 }), flat(240, 101))],
  ['coarse ticks', onTicks(walk({ seed: 4, count: 400, price: 1, noise: 0.02 }), 0.01)],
  ['only rises', onTicks(walk({ seed: 5, count: 120, drift: 0.2, noise: 0.1 }), 1e-6)],
  ['only falls', walk({ seed: 6, count: 120, drift: -0.2, noise: 0.1, price: 1e9 })],
  ['a million-fold fall', walk({ seed: 7, count: 400, drift: -0.034, price: 1e6 })],
  ['tiny prices', walk({ seed: 8, count: 200, price: 1.23e-9 })],
  ['the smallest prices', walk({ seed: 8, count: 200, price: 1e-300 })],
  ['huge prices', walk({ seed: 9, count: 200, price: 9.87e12 })],
  ['no volume', walk({ seed: 10, count: 100 }).map((each) => ({ ...each, volume: 0 }))],
];

/** The numbers of a value by name, one name for plain numbers; nothing before the warm-up. */
const partsOf = (value: unknown): Map<string, unknown> => {
  if (value === undefined) return new Map();
  return typeof value === 'number'
    ? new Map([['value', value]])
    : new Map(Object.entries(Object(value)));
};

/** First place where the two forms differ by a bit, in words. */
function firstDifference(entry: CatalogueEntry, candles: readonly Candle[]): string | undefined {
  const indicator = entry.create();
  const made = entry.columns(columnsOf(candles));
  const columns = made instanceof Float64Array ? { value: made } : made;
  for (const [row, candle] of candles.entries()) {
    indicator.update(candle);
    const streamed = partsOf(indicator.value());
    for (const [part, column] of Object.entries(columns)) {
      if (!Object.is(column[row], streamed.get(part) ?? NaN)) {
        return `row ${row}, ${part}: column ${column[row]}, streamed ${String(streamed.get(part))}`;
      }
      streamed.delete(part);
    }
    if (streamed.size > 0) return `row ${row}: no column for ${[...streamed.keys()].join(', ')}`;
  }
  return undefined;
}

describe.each(INDICATORS)('$name as columns equals the streaming form to the last bit', (entry) => {
  it.each(MARKETS)('%s', (_, candles) => {
    expect(firstDifference(entry, candles)).toBeUndefined();
  });

  it('in histories of every length around the warm-up', () => {
    const candles = walk({ seed: 30, count: 210 });
    const { warmUp } = entry.create();
    for (const length of [0, 1, 2, 3, warmUp - 1, warmUp, warmUp + 1, warmUp + 2, warmUp + 5]) {
      expect(firstDifference(entry, candles.slice(0, length)), `${length} candles`).toBeUndefined();
    }
  });
});

it('the comparison sees a difference of one bit', () => {
  const rsi: CatalogueEntry = {
    name: 'RSI with one bit wrong',
    create: () => createRsi(),
    columns: ({ close }) =>
      rsiColumn(close).map((each, row) => (row === 100 ? each * (1 + Number.EPSILON) : each)),
    priceUnit: 0,
  };
  expect(firstDifference(rsi, walk({ seed: 1, count: 120 }))).toContain('row 100, value');
});
