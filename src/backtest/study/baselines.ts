import type { CandleColumns } from '../candles/candle-columns.ts';
import { meanOf } from '../figures/statistics.ts';

/** Numbers from 0 (inclusive) to 1, repeatable: the caller seeds it. */
export type Random = () => number;

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
