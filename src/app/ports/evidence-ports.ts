/** The doors of what measures signals: the live ledger, backtests asked for in the chat, the reliability picture. */
import type { FinishedSignal, OpenSignal } from '../../backtest/trade/ledger.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Live signals that are followed to their end, taken or not. */
export interface LedgerStore {
  open(): Promise<readonly OpenSignal[]>;
  /** Replaces what is open of these symbols and adds what ended, all or nothing. The same id ends once. */
  save(change: {
    readonly open: ReadonlyMap<string, readonly OpenSignal[]>;
    readonly finished: readonly FinishedSignal[];
  }): Promise<void>;
  /** The newest 5,000 that ended, in no order. */
  finished(): Promise<readonly FinishedSignal[]>;
}

/** How far a /backtest is. */
export type BacktestState =
  | { readonly kind: 'running'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | {
      readonly kind: 'done';
      readonly title: string;
      readonly lines: readonly string[];
      readonly equity: readonly { readonly at: Timestamp; readonly equity: number }[];
      readonly halts: readonly { readonly at: Timestamp; readonly label: string }[];
    };

/** The message of the chat that shows a backtest until its result is there. */
export interface BacktestMessage {
  readonly id: string;
  readonly preset: string;
  readonly chatId: number;
  readonly messageId: number;
  /** Wall time. */
  readonly askedAt: Timestamp;
}

/** States of backtests under way or just done, kept for an hour, and the messages that still owe a result. */
export interface BacktestStore {
  save(id: string, state: BacktestState): Promise<void>;
  read(id: string): Promise<BacktestState | undefined>;
  /** A bot that starts goes on with these. */
  owed(): Promise<readonly BacktestMessage[]>;
  owe(message: BacktestMessage): Promise<void>;
  /** Its result was shown. */
  told(id: string): Promise<void>;
}

/** Backtests as jobs. */
export interface BacktestDesk extends BacktestStore {
  ask(request: { readonly id: string; readonly preset: string }): Promise<void>;
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
