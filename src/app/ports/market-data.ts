import type { Candle, Interval } from '../../domain/candle.ts';
import type {
  FundingRate,
  FundingSettlement,
  Instrument,
  RiskTier,
  Ticker,
} from '../../domain/instrument.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What everybody may read. Rejects with ExchangeFailure; nothing falls back to a constant. */
export interface MarketData {
  /** All of them, or those of `symbols` that the exchange lists. */
  instruments(symbols?: readonly string[]): Promise<readonly Instrument[]>;
  tickers(): Promise<readonly Ticker[]>;
  /**
   * Closed candles only, of the last price unless told, oldest first, at most 200; the newest ones when `endTime` is absent. `patient`:
   * everybody else goes first, for whoever asks for hundreds.
   */
  candles(query: {
    symbol: string;
    interval: Interval;
    limit: number;
    endTime?: Timestamp;
    of?: 'last' | 'mark';
    patient?: boolean;
  }): Promise<readonly Candle[]>;
  fundingRates(): Promise<readonly FundingRate[]>;
  /** What was settled at or after `since`, newest first, at most 200. */
  fundingHistory(symbol: string, since?: Timestamp): Promise<readonly FundingSettlement[]>;
  riskTiers(symbol: string): Promise<readonly RiskTier[]>;
}
