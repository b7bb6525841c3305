import { WSMA } from 'trading-signals';
import type { Candle } from '../domain/candle.ts';
import { atrColumn, trueRange, type RangeColumns } from './atr.ts';
import { emptyColumn, wilderColumn } from './column.ts';
import { checkedPeriod, createIndicator, type Indicator } from './indicator.ts';

/**
 * Average directional index with Wilder smoothing, 0 to 100: the strength of a trend, not its direction. First value after
 * 2 x period candles, as in Wilder's book and TA-Lib.
 *
 * Built from trading-signals' Wilder average instead of its ADX class, because that one divides by the average true range
 * and stays NaN for ever after a start in a flat market. No range means no direction: 0.
 */
export function createAdx(period = 14): Indicator {
  const range = trueRange();
  const moves = directionalMoves();
  const ranges = new WSMA(checkedPeriod(period));
  const ups = new WSMA(period);
  const downs = new WSMA(period);
  const index = new WSMA(period);
  return createIndicator({
    warmUp: 2 * period,
    apply: (candle, replace) => {
      const size = range(candle, replace);
      const move = moves(candle, replace);
      if (size === undefined || move === undefined) return;
      const averageRange = ranges.update(size, replace);
      const up = ups.update(move.up, replace);
      const down = downs.update(move.down, replace);
      if (averageRange === null || up === null || down === null) return;
      index.update(averageRange > 0 ? directionalIndex(up, down) : 0, replace);
    },
    read: () => index.getResult(),
  });
}

function directionalIndex(up: number, down: number): number {
  const sum = up + down;
  return sum > 0 ? (Math.abs(up - down) / sum) * 100 : 0;
}

type Extremes = Pick<Candle, 'high' | 'low'>;

/** How far the candle reached above the last high or below the last low; only the larger of the two counts. */
function directionalMoves(): (
  candle: Extremes,
  replace: boolean,
) => { readonly up: number; readonly down: number } | undefined {
  let previous: Extremes | undefined;
  let last: Extremes | undefined;
  return (candle, replace) => {
    if (!replace) previous = last;
    last = { high: candle.high, low: candle.low };
    if (previous === undefined) return undefined;
    const up = candle.high - previous.high;
    const down = previous.low - candle.low;
    return { up: up > down && up > 0 ? up : 0, down: down > up && down > 0 ? down : 0 };
  };
}

/** `createAdx` over whole columns. */
export function adxColumn(candles: RangeColumns, period = 14): Float64Array {
  const { length } = candles.close;
  const averageRange = atrColumn(candles, period);
  const moves = moveColumns(candles);
  const up = wilderColumn(moves.up, period, 1);
  const down = wilderColumn(moves.down, period, 1);
  const index = emptyColumn(length);
  for (let row = period; row < length; row += 1) {
    const moving = (averageRange[row] ?? NaN) > 0;
    index[row] = moving ? directionalIndex(up[row] ?? NaN, down[row] ?? NaN) : 0;
  }
  return wilderColumn(index, period, period);
}

function moveColumns({ high, low }: RangeColumns): { up: Float64Array; down: Float64Array } {
  const ups = emptyColumn(high.length);
  const downs = emptyColumn(high.length);
  for (let row = 1; row < high.length; row += 1) {
    const up = (high[row] ?? NaN) - (high[row - 1] ?? NaN);
    const down = (low[row - 1] ?? NaN) - (low[row] ?? NaN);
    ups[row] = up > down && up > 0 ? up : 0;
    downs[row] = down > up && down > 0 ? down : 0;
  }
  return { up: ups, down: downs };
}
