import type { Candle, Interval } from '../../domain/candle.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Closed candles that were fetched, shared by all workers. */
export interface CandleStore {
  /** Appends candles that are newer than the stored ones; keeps the newest 400. */
  append(symbol: string, interval: Interval, candles: readonly Candle[]): Promise<void>;
  /** Open time of the newest stored candle of each symbol. */
  newest(symbols: readonly string[], interval: Interval): Promise<ReadonlyMap<string, Timestamp>>;
  /** Stored candles that opened after `after`, oldest first. */
  since(symbol: string, interval: Interval, after: Timestamp): Promise<readonly Candle[]>;
}
