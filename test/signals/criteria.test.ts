import { describe, expect, it } from 'vitest';
import type { Side } from '../../src/domain/position.ts';
import { averagesInOrder } from '../../src/signals/agreement/criteria/averages-in-order.ts';
import { awayFromBands } from '../../src/signals/agreement/criteria/away-from-bands.ts';
import { bandPositionAgrees } from '../../src/signals/agreement/criteria/band-position.ts';
import { higherTrend } from '../../src/signals/agreement/criteria/higher-trend.ts';
import { CONFIRMATIONS, FILTERS } from '../../src/signals/agreement/criteria/list.ts';
import { macdAgrees } from '../../src/signals/agreement/criteria/macd-agrees.ts';
import { rsiInRange } from '../../src/signals/agreement/criteria/rsi-in-range.ts';
import { trendClear } from '../../src/signals/agreement/criteria/trend-clear.ts';
import { volatilityManageable } from '../../src/signals/agreement/criteria/volatility-manageable.ts';
import { volumePresent } from '../../src/signals/agreement/criteria/volume-present.ts';
import {
  judge,
  type Criterion,
  type WeightedCriterion,
} from '../../src/signals/agreement/criterion.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import type { Snapshot } from '../../src/signals/agreement/snapshot.ts';
import { DOWNTREND, UPTREND } from './samples.ts';

const ALL = [...FILTERS, ...CONFIRMATIONS];
/** Averages 1 % apart and price 2 % away, with an ADX that says nothing. */
const weak: Snapshot = { ...UPTREND, adx: 19.999, sma20: 100, sma50: 98.9, close: 102.1 };

type Row = [name: string, criterion: Criterion, side: Side, view: Partial<Snapshot>, met: boolean];
const ROWS: Row[] = [
  ['trend by distances', trendClear, 'long', weak, true],
  ['trend too near SMA 20', trendClear, 'long', { ...weak, close: 102 }, false],
  ['trend with averages 1 % apart', trendClear, 'long', { ...weak, sma50: 99 }, false],
  ['trend by ADX 20', trendClear, 'short', { ...weak, close: 100, adx: 20 }, true],
  ['ATR just below 5 %', volatilityManageable, 'long', { close: 100, atr: 4.99, atrMean: 5 }, true],
  ['ATR of 5 %', volatilityManageable, 'long', { close: 100, atr: 5, atrMean: 5 }, false],
  ['ATR twice its mean', volatilityManageable, 'long', { atr: 2, atrMean: 1 }, false],
  ['volume half its mean', volumePresent, 'long', { volume: 500 }, true],
  ['volume under half its mean', volumePresent, 'long', { volume: 499 }, false],
  ['volume mean of 0', volumePresent, 'long', { volume: 0, volumeMean: 0 }, false],
  ['at 80 % of the band', awayFromBands, 'long', { lowerBand: 0, upperBand: 10, close: 8 }, true],
  ['at 20 % of the band', awayFromBands, 'short', { lowerBand: 0, upperBand: 10, close: 2 }, true],
  [
    'at 81 % of the band',
    awayFromBands,
    'long',
    { lowerBand: 0, upperBand: 10, close: 8.1 },
    false,
  ],
  ['under the band', awayFromBands, 'short', { lowerBand: 5, upperBand: 10, close: 4 }, false],
  ['band without width', awayFromBands, 'long', { lowerBand: 5, upperBand: 5, close: 5 }, false],
  ['price equal to SMA 20', averagesInOrder, 'long', { close: 100 }, false],
  ['SMA 20 equal to SMA 50', averagesInOrder, 'short', { close: 97, sma50: 100 }, false],
  ['RSI 40', rsiInRange, 'long', { rsi: 40 }, true],
  ['RSI 39.9', rsiInRange, 'long', { rsi: 39.9 }, false],
  ['RSI 70', rsiInRange, 'long', { rsi: 70 }, true],
  ['RSI 70.1', rsiInRange, 'long', { rsi: 70.1 }, false],
  ['RSI 30 for a short', rsiInRange, 'short', { rsi: 30 }, true],
  ['RSI 29.9 for a short', rsiInRange, 'short', { rsi: 29.9 }, false],
  ['RSI 60.1 for a short', rsiInRange, 'short', { rsi: 60.1 }, false],
  ['MACD on its signal', macdAgrees, 'long', { macd: 0.5 }, false],
  ['MACD under its signal', macdAgrees, 'short', { macd: 0.4 }, true],
  [
    '30 % of the band',
    bandPositionAgrees,
    'long',
    { lowerBand: 0, upperBand: 100, close: 30.1 },
    true,
  ],
  [
    '29 % of the band',
    bandPositionAgrees,
    'long',
    { lowerBand: 0, upperBand: 100, close: 29 },
    false,
  ],
  [
    '70 % for a short',
    bandPositionAgrees,
    'short',
    { lowerBand: 0, upperBand: 100, close: 70 },
    true,
  ],
  [
    '71 % for a short',
    bandPositionAgrees,
    'short',
    { lowerBand: 0, upperBand: 100, close: 71 },
    false,
  ],
  ['no width', bandPositionAgrees, 'long', { lowerBand: 5, upperBand: 5, close: 5 }, false],
  ['4 h close on its mean', higherTrend, 'long', { close4h: 99 }, false],
  ['4 h close above its mean', higherTrend, 'short', {}, false],
];

describe('criteria at their thresholds', () => {
  it.each(ROWS)('%s', (...row) => {
    const [, criterion, side, over, met] = row;
    expect(criterion.met({ ...UPTREND, ...over }, DEFAULT_STRATEGY, side)).toBe(met);
  });
});

describe.each(ALL)('$id', (criterion) => {
  it('is met by a clear trend of its side', () => {
    expect(criterion.met(UPTREND, DEFAULT_STRATEGY, 'long')).toBe(true);
    expect(criterion.met(DOWNTREND, DEFAULT_STRATEGY, 'short')).toBe(true);
  });

  it('puts value and reason into words that differ between met and not met', () => {
    const broken = {
      ...UPTREND,
      adx: 0,
      close: 93,
      volume: 1,
      rsi: 90,
      macd: 0,
      close4h: 1,
      atr: 50,
    };
    const yes = judge(criterion, { view: UPTREND, parameters: DEFAULT_STRATEGY, side: 'long' });
    const no = judge(criterion, {
      view: { ...broken, sma20: 93 },
      parameters: DEFAULT_STRATEGY,
      side: 'long',
    });
    expect([yes.met, no.met]).toEqual([true, false]);
    expect(yes.reason).not.toBe(no.reason);
    for (const text of [yes.value, yes.reason, no.value, no.reason]) {
      expect(text.length).toBeGreaterThan(5);
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

it('weights add up to 100, a fifth of it for the market filter', () => {
  const sum = (list: readonly WeightedCriterion[]): number =>
    list.reduce((total, each) => total + each.weight, 0);
  expect([sum(FILTERS), sum(CONFIRMATIONS)]).toEqual([20, 80]);
  expect(new Set(ALL.map((each) => each.id)).size).toBe(ALL.length);
});

it('missing band width and volume read as not available', () => {
  const view = { ...UPTREND, upperBand: 5, lowerBand: 5, close: 5, volumeMean: 0 };
  const texts = [awayFromBands, bandPositionAgrees, volumePresent].map(
    (each) =>
      judge({ ...each, weight: 5 }, { view, parameters: DEFAULT_STRATEGY, side: 'long' }).value,
  );
  expect(texts).toEqual(['not available', 'not available', 'not available']);
});
