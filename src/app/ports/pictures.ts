import type { Candle } from '../../domain/candle.ts';
import type { Ratio, Usd } from '../../domain/money/money.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { LimitUse } from '../../risk/portfolio/portfolio.ts';
import type { EquityPoint } from './account-store.ts';

/** A picture with its text twin (at most 1024 characters), which is the caption. */
export interface Picture {
  readonly png: Uint8Array;
  readonly caption: string;
}

/** Draws the pictures of the chat. Each rejects with a clear message when it cannot; the text is sent all the same. */
export interface Pictures {
  equity(history: EquityHistory): Promise<Picture>;
  proposal(proposal: Proposal, candles: readonly Candle[]): Promise<Picture>;
  limits(rows: readonly LimitUse[]): Promise<Picture>;
  reliability(rows: readonly ReliabilityRow[], breakEven: number): Promise<Picture>;
  backtest(
    points: readonly EquityPoint[],
    about: {
      readonly title: string;
      readonly halts: readonly { readonly at: Timestamp; readonly label: string }[];
    },
  ): Promise<Picture>;
  /** What each scenario would change of equity; at least one row. */
  stress(
    rows: readonly {
      readonly label: string;
      readonly change: Usd;
      readonly fraction: Ratio | undefined;
    }[],
  ): Promise<Picture>;
  /** Values at stake by symbol; at least one row. */
  exposure(
    rows: readonly { readonly symbol: string; readonly long: Usd; readonly short: Usd }[],
  ): Promise<Picture>;
}

/** Equity as trading alone would have made it: what came and went is taken out, as the limits take it out. */
export interface EquityHistory {
  /** Oldest first. What was before a deposit or withdrawal is restated in proportion, so the newest one is the equity of now. */
  readonly points: readonly CurvePoint[];
  /** Deposits and withdrawals in that time, oldest first. */
  readonly moved: readonly { readonly at: Timestamp; readonly amount: number }[];
}

export interface CurvePoint {
  readonly at: Timestamp;
  readonly equity: number;
  /** Percent from the high-water mark of that moment: 0 or below. Undefined while equity was never above 0. */
  readonly drawdown: number | undefined;
}

/** What signals of a score band did: the share that earned money with its 95 % interval, all between 0 and 1. */
export interface ReliabilityRow {
  readonly band: string;
  /** Where it was measured, in a few words. */
  readonly source: string;
  readonly n: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}
