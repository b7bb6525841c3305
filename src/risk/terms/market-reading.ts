import type { Ratio } from '../../domain/money/money.ts';

/** Bitcoin's 1 h ATR ÷ price now and its median over so many hours, 720 where the exchange has them; fractions. */
export interface BtcAtr {
  readonly now: number;
  readonly median: number;
  readonly hours: number;
}

/** What the market and the margin say. Undefined is unknown and says nothing here; the gate refuses for it. */
export interface MarketReading {
  /** `not listed`: this exchange has no Bitcoin contract, so there is nothing to judge. */
  readonly btcAtr?: BtcAtr | 'not listed';
  /** Maintenance margin ÷ equity. */
  readonly marginRatio?: Ratio;
}
