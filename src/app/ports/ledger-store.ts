import type { FinishedSignal, OpenSignal } from '../../backtest/trade/ledger.ts';

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
