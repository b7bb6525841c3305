import type { StrategyParameters } from '../../signals/parameters.ts';
import type { CandleColumns } from '../candles/candle-columns.ts';
import { meanOf } from '../figures/statistics.ts';
import type { Chooser } from './study.ts';
import { eventAt, type SnapshotColumns } from '../candles/snapshot-columns.ts';

/** Numbers from 0 (inclusive) to 1, repeatable: the caller seeds it. */
export type Random = () => number;

/**
 * Enters at random with the same chance a candle as the strategy's signals have, on a random side: what the exits alone
 * earn. Same stops, targets and costs when tracked by `trackSignals`.
 */
export function randomChooser(chance: number, random: Random): Chooser {
  return () => {
    if (random() >= chance) return undefined;
    return { side: random() < 0.5 ? 'long' : 'short' };
  };
}

/** Share of the ready candles on which the strategy has a signal. */
export function signalShare(columns: SnapshotColumns, parameters: StrategyParameters): number {
  let ready = 0;
  let signals = 0;
  for (let row = 0; row < columns.candles.length; row += 1) {
    if (columns.ready[row] !== 1) continue;
    ready += 1;
    if (eventAt(columns, row, parameters) !== undefined) signals += 1;
  }
  return ready === 0 ? 0 : signals / ready;
}

/** Mean return of buying every market at its first open and selling at its last close, equal parts, one taker fee each way. */
export function buyAndHold(markets: readonly CandleColumns[], takerFee: number): number {
  return meanOf(
    markets
      .filter((candles) => candles.length > 0)
      .map((candles) => {
        const bought = candles.open[0] ?? NaN;
        const sold = candles.close[candles.length - 1] ?? NaN;
        return (sold * (1 - takerFee)) / (bought * (1 + takerFee)) - 1;
      }),
  );
}
