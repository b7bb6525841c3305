import type { OwnerPolicy } from '../account/risk-supervisor.ts';
import type { MeanInterval } from '../figures/statistics.ts';
import type { SignalsRecord } from './record.ts';

/** The same signals through an account of 10,000 USDT with every limit and the emergency stop. */
export interface MeasuredAccount {
  readonly owner: OwnerPolicy;
  readonly trades: number;
  readonly meanR: Omit<MeanInterval, 'n'>;
  /** Fractions of the equity at the start, and of its highest. */
  readonly totalReturn: number;
  readonly drawdown: number;
}

/** Aggregated results of one run of the backtest. Market data itself is no part of the repository. */
export interface Measurement {
  /** A few words on the candles. */
  readonly data: string;
  /** First and last day, UTC. */
  readonly from: string;
  readonly to: string;
  readonly symbols: number;
  readonly n: number;
  /** Deepest fall of the sum of the results, in R, in the order of the entries. */
  readonly fallR: number;
  /** Mean of random entries with the same exits. */
  readonly randomR: number;
  /** Share of all closed candles, with enough history before them, on which there was a signal. */
  readonly signalShare: number;
  /** Sides and clean signals, years and weeks, as the run's JSON has them. */
  readonly sides: SignalsRecord['sides'];
  readonly years: SignalsRecord['years'];
  readonly weekly: SignalsRecord['weekly'];
  readonly accounts: readonly MeasuredAccount[];
  /** SHA-256 of the trades' text: a repeated run must give it again. */
  readonly tradesSha256: string;
}

/** All that was measured of one strategy. */
export interface StrategyRecord {
  readonly strategy: string;
  /** What it says, in one sentence. It stands on every card. */
  readonly finding: string;
  /** With its defaults, nothing tuned on any set. */
  readonly measurements: readonly Measurement[];
}
