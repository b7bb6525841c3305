import type { Candle, CandleColumns } from '../../domain/candle.ts';
import type { Side } from '../../domain/position.ts';
import { emptyColumn } from '../../indicators/column.ts';

/** Candles of 4 h whose extreme is the edge of the channel: 55 days. */
export const CHANNEL = 330;

/** The edge that a close has to cross: the lowest low of the 330 candles before it for a short, the highest high for a long. */
export interface Edge {
  push(candle: Candle): void;
  /** Another version of the candle pushed last. */
  replace(candle: Candle): void;
  /** Undefined until 330 candles lie before the newest. */
  value(): number | undefined;
}

const extremeOf = (candle: Candle, side: Side): number =>
  side === 'short' ? candle.low : -candle.high;

/** Keeps only the candles that can still become the extreme: a newer one that is at least as far out takes the place of older ones. */
export function createEdge(side: Side): Edge {
  const rows: number[] = [];
  const values: number[] = [];
  let pushed = 0;
  /** Extreme of the newest candle, which is no part of its own edge. */
  let newest: number | undefined;
  return {
    push(candle) {
      if (newest !== undefined) {
        while ((values.at(-1) ?? -Infinity) >= newest) {
          values.pop();
          rows.pop();
        }
        values.push(newest);
        rows.push(pushed - 1);
      }
      newest = extremeOf(candle, side);
      pushed += 1;
      if ((rows[0] ?? Infinity) < pushed - 1 - CHANNEL) {
        rows.shift();
        values.shift();
      }
    },
    replace(candle) {
      newest = extremeOf(candle, side);
    },
    value() {
      const [extreme] = values;
      if (pushed <= CHANNEL || extreme === undefined) return undefined;
      return side === 'short' ? extreme : -extreme;
    },
  };
}

/** `createEdge` over whole columns: a queue of rows in ascending order of their extremes, for a linear pass. */
export function edgeColumn({ low, high, length }: CandleColumns, side: Side): Float64Array {
  const sign = side === 'short' ? 1 : -1;
  const column = side === 'short' ? low : high;
  const edge = emptyColumn(length);
  const rows = new Int32Array(length);
  let first = 0;
  let end = 0;
  for (let row = 0; row < length; row += 1) {
    while (first < end && (rows[first] ?? 0) < row - CHANNEL) first += 1;
    if (row >= CHANNEL) edge[row] = column[rows[first] ?? 0] ?? NaN;
    const value = sign * (column[row] ?? NaN);
    while (first < end && sign * (column[rows[end - 1] ?? 0] ?? NaN) >= value) end -= 1;
    rows[end] = row;
    end += 1;
  }
  return edge;
}
