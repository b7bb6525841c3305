import type { Candle, Interval } from '../../domain/candle.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Closed candles that were fetched, shared by all workers. */
export interface CandleStore {
  /** Adds candles, each in place of the one that opened with it; keeps the newest 600, however far apart they lie. */
  append(symbol: string, interval: Interval, candles: readonly Candle[]): Promise<void>;
  /** Open time of the newest stored candle of each symbol. */
  newest(symbols: readonly string[], interval: Interval): Promise<ReadonlyMap<string, Timestamp>>;
  /** Stored candles that opened after `after`, oldest first. */
  since(symbol: string, interval: Interval, after: Timestamp): Promise<readonly Candle[]>;
}
