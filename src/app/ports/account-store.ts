import type { LostStop } from '../../alerts/rules/not-ours.ts';
import type { BelievedLevels } from '../../alerts/watch/level-watch.ts';
import type { LimitSteps } from '../../alerts/watch/limit-steps.ts';
import type { LiquidationStandings } from '../../alerts/watch/liquidation-watch.ts';
import type { UnprotectedDay } from '../../alerts/watch/unprotected-day.ts';
import type { Account } from '../../domain/account.ts';
import type { Finding } from '../../domain/alert.ts';
import type { ContractState } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';
import type { StopWarning } from '../../risk/stop/emergency-stop.ts';
import type { Excursion } from '../../risk/terms/excursion.ts';
import type { WalletLedger } from '../account/wallet-ledger.ts';

/** The last complete read of the account, as stored for every role to use. Ages are shown with every figure. */
export interface AccountSnapshot {
  readonly account: Account;
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly openOrders: readonly Order[];
  /** This machine's clock differs from the exchange's since then, and the owner was told; absent while it is right. */
  readonly clockOffSince?: Timestamp;
  /** Whether the contracts of open positions can be traded, by symbol, as the exchange said last. */
  readonly contracts?: ReadonlyMap<string, ContractState>;
  /** Since when each unprotected position has had no full stop, by position id; carried on from read to read. */
  readonly unprotectedSince?: ReadonlyMap<string, Timestamp>;
  /** The full stops that such positions had, by position id. */
  readonly lostStops?: ReadonlyMap<string, LostStop>;
  /** The stops and targets that are believed to rest, by position id; carried on from read to read. */
  readonly levels?: ReadonlyMap<string, BelievedLevels>;
  /** What the wallet would be without trades: finds deposits and withdrawals. */
  readonly ledger?: WalletLedger;
  /** How far each open position has been in loss and in profit, by position id; carried on from read to read. */
  readonly excursions?: ReadonlyMap<string, Excursion>;
  /** How near positions are to liquidation; carried on from read to read. */
  readonly liquidation?: LiquidationStandings;
  /** Which steps of which limits are reached; carried on from read to read. */
  readonly limitSteps?: LimitSteps;
  /** The limits that are used for the most part, as this reading has them; what a limit does that is used up is told by itself. */
  readonly nearLimits?: ReadonlyMap<string, StopWarning | 'used up'>;
  /** How long positions were without a full stop today. */
  readonly unprotectedDay?: UnprotectedDay;
  /** What counts as there although this reading was the first that did not list it. */
  readonly unlisted?: Unlisted;
  readonly at: Timestamp;
}

/** What the account lists no more and what counts as there for one reading all the same, by id: since when it is not listed. */
export interface Unlisted {
  readonly positions: ReadonlyMap<string, Timestamp>;
  readonly protections: ReadonlyMap<string, Timestamp>;
  readonly orders: ReadonlyMap<string, Timestamp>;
}

/** Equity as it was read: deposits and withdrawals are in it. */
export interface EquityPoint {
  readonly at: Timestamp;
  readonly equity: number;
  /** The high-water mark of that moment; absent in points that were stored before it was. */
  readonly peak?: number;
}

/** Everything that one account read changes: stored in one transaction with the alerts it causes. */
export interface AccountCommit {
  /** The stored risk state that this one was made from; absent: there was none. */
  readonly basedOn?: RiskState;
  readonly snapshot: AccountSnapshot;
  readonly riskState: RiskState;
  /** Absent: the wallet moved in a way that the next read must confirm, so this equity is no point of the curve. */
  readonly equity?: EquityPoint;
  readonly findings: readonly Finding[];
}

export interface AccountStore {
  /**
   * Stores all of it or nothing, and counts the read as good. Rejects when the risk state is no longer `basedOn`: what a person
   * changed in between, as at /resume, is not undone.
   */
  commit(change: AccountCommit): Promise<void>;
  snapshot(): Promise<AccountSnapshot | undefined>;
  riskState(): Promise<RiskState | undefined>;
  /**
   * Changes the stored state atomically: `change` is asked again when somebody else was faster. Undefined when nothing is stored, or
   * when `change` says so; then nothing changes.
   */
  reviseRiskState(
    change: (state: RiskState) => RiskState | undefined,
  ): Promise<RiskState | undefined>;
  /** Equity points at or after `since`, oldest first. */
  equity(since: Timestamp): Promise<readonly EquityPoint[]>;
  /** Counts a failed read; returns how many failed in a row. */
  recordFailedRead(): Promise<number>;
  failedReads(): Promise<number>;
  /** When the last price of each symbol with an open position was seen, by stream or by poll. */
  priceTimes(): Promise<ReadonlyMap<string, Timestamp>>;
  savePriceTimes(times: ReadonlyMap<string, Timestamp>): Promise<void>;
  /** Called after each commit by any process. */
  onCommit(listener: () => void): () => void;
}
