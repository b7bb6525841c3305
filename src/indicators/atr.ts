import { getTrueRange, SMA, WSMA } from 'trading-signals';
import { emptyColumn, meanColumn, wilderColumn } from './column.ts';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/**
 * Average true range with Wilder smoothing, in price units.
 * The first candle has no previous close and so no true range: the seed is the mean of the `period` ranges after it, as in
 * TA-Lib (Tulip and trading-signals' own class start one candle earlier; the difference fades within some 100 candles).
 */
export function createAtr(period = 14): Indicator {
  const range = trueRange();
  const smoothed = new WSMA(checkedPeriod(period));
  return createIndicator({
    warmUp: period + 1,
    apply: (candle, replace) => {
      const size = range(candle, replace);
      if (size !== undefined) smoothed.update(size, replace);
    },
    read: () => smoothed.getResult(),
  });
}

/** The average true range after one more candle, whose true range is that. */
export const atrAfter = (atr: number, range: number, period = 14): number =>
  (atr * (period - 1) + range) / period;

/** Average true range now and its simple mean over the newest candles, both in price units. */
export interface AtrMeanValue {
  readonly atr: number;
  readonly mean: number;
}

/** `createAtr` together with the mean of its last `meanPeriod` values, the newest among them. */
export function createAtrMean(period = 14, meanPeriod = 20): Indicator<AtrMeanValue> {
  const range = trueRange();
  const smoothed = new WSMA(checkedPeriod(period));
  const averaged = new SMA(checkedPeriod(meanPeriod));
  let atr: number | null = null;
  let mean: number | null = null;
  return createIndicator({
    warmUp: period + meanPeriod,
    apply: (candle, replace) => {
      const size = range(candle, replace);
      if (size === undefined) return;
      atr = smoothed.update(size, replace);
      if (atr !== null) mean = averaged.update(atr, replace);
    },
    read: () => (atr === null || mean === null ? null : { atr, mean }),
  });
}

interface Range {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** True range candle by candle; undefined for the first, which has no previous close. */
export function trueRange(): (candle: Range, replace: boolean) => number | undefined {
  let previousClose: number | undefined;
  let lastClose: number | undefined;
  return (candle, replace) => {
    if (!replace) previousClose = lastClose;
    lastClose = candle.close;
    return previousClose === undefined ? undefined : getTrueRange(candle, previousClose);
  };
}

/** Columns of candles that true ranges come from. */
export interface RangeColumns {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** True range of every candle but the first. */
export function trueRangeColumn({ high, low, close }: RangeColumns): Float64Array {
  const ranges = emptyColumn(close.length);
  for (let row = 1; row < close.length; row += 1) {
    const top = high[row] ?? NaN;
    const bottom = low[row] ?? NaN;
    const before = close[row - 1] ?? NaN;
    ranges[row] = Math.max(top - bottom, Math.abs(top - before), Math.abs(bottom - before));
  }
  return ranges;
}

/** `createAtr` over whole columns. */
export const atrColumn = (candles: RangeColumns, period = 14): Float64Array =>
  wilderColumn(trueRangeColumn(candles), checkedPeriod(period), 1);

/** `createAtrMean` over whole columns: both are NaN until the mean is known. */
export function atrMeanColumns(
  candles: RangeColumns,
  period = 14,
  meanPeriod = 20,
): { readonly [part in keyof AtrMeanValue]: Float64Array } {
  const atr = atrColumn(candles, period);
  const mean = meanColumn(atr, checkedPeriod(meanPeriod), period);
  atr.fill(NaN, 0, period + meanPeriod - 1);
  return { atr, mean };
}
