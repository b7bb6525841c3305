import { bollingerColumns } from '../../indicators/bollinger-bands.ts';
import { rsiColumn } from '../../indicators/rsi.ts';
import type { CandleColumns } from '../candles/candle-columns.ts';

/**
 * All that the rule asks of a market, computed once for any number of runs: the rows that close below their lower band, and the
 * extremes of rows together, so that a search for a touched price passes over a whole block at once.
 */
export interface ReversionColumns {
  readonly candles: CandleColumns;
  /** Ascending. */
  readonly below: readonly number[];
  /** RSI of those rows; NaN before the warm-up, which no comparison passes. */
  readonly rsi: readonly number[];
  readonly blocks: Blocks;
}

/** Lowest low and highest high of each 2 ^ `bits` rows. */
export interface Blocks {
  readonly bits: number;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

const BLOCK_BITS = 5;

export function reversionColumns(candles: CandleColumns): ReversionColumns {
  const { close, length } = candles;
  const { lower } = bollingerColumns(close);
  const strength = rsiColumn(close);
  const below: number[] = [];
  const rsi: number[] = [];
  for (let row = 0; row < length; row += 1) {
    if (!((close[row] ?? NaN) < (lower[row] ?? NaN))) continue;
    below.push(row);
    rsi.push(strength[row] ?? NaN);
  }
  return { candles, below, rsi, blocks: blocksOf(candles) };
}

function blocksOf({ low, high, length }: CandleColumns): Blocks {
  const size = 1 << BLOCK_BITS;
  const lowest = new Float64Array(Math.ceil(length / size));
  const highest = new Float64Array(lowest.length);
  for (let block = 0; block < lowest.length; block += 1) {
    const end = Math.min(length, (block + 1) * size);
    let bottom = Infinity;
    let top = -Infinity;
    for (let row = block * size; row < end; row += 1) {
      bottom = Math.min(bottom, low[row] ?? NaN);
      top = Math.max(top, high[row] ?? NaN);
    }
    lowest[block] = bottom;
    highest[block] = top;
  }
  return { bits: BLOCK_BITS, lowest, highest };
}
