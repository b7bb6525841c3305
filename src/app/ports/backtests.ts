import type { Timestamp } from '../../domain/time.ts';

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

/** States of backtests under way or just done, kept for an hour, and the messages that still wait for one. */
export interface BacktestStore {
  save(id: string, state: BacktestState): Promise<void>;
  read(id: string): Promise<BacktestState | undefined>;
  /** A bot that starts goes on with these. */
  pending(): Promise<readonly BacktestMessage[]>;
  addPending(message: BacktestMessage): Promise<void>;
  /** Its result was shown. */
  reported(id: string): Promise<void>;
}

/** Backtests as jobs, their states and the messages that wait. */
export interface BacktestQueue extends BacktestStore {
  ask(request: { readonly id: string; readonly preset: string }): Promise<void>;
}
