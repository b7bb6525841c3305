/**
 * The doors of the application: what it needs from the world, as interfaces. Adapters in exchange/, store/, charts/, bot/ and
 * jobs/ implement them; main.ts connects them. Use cases take them as arguments and never import an adapter.
 */
import type { BelievedLevels } from '../../alerts/watch/level-watch.ts';
import type { LostStop } from '../../alerts/rules/not-ours.ts';
import type { Account } from '../../domain/account.ts';
import type { Alert, Finding } from '../../domain/alert.ts';
import type { Candle, Interval } from '../../domain/candle.ts';
import type {
  ContractState,
  FundingRate,
  FundingSettlement,
  Instrument,
  RiskTier,
  Ticker,
} from '../../domain/instrument.ts';
import type { Price, Ratio, Usd } from '../../domain/money/money.ts';
import type { Fill, Order, WriteOutcome } from '../../domain/order.ts';
import type { OwnAct } from '../../domain/own-act.ts';
import type {
  ClosedPosition,
  MarginMode,
  Position,
  ProtectionEnd,
  ProtectiveOrder,
} from '../../domain/position.ts';
import type { Proposal, ProposalEvent } from '../../domain/proposal.ts';
import type { ScanReport } from '../../domain/scan-report.ts';
import type { LimitsRecord } from '../../domain/limits-record.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { UnprotectedDay } from '../../alerts/watch/unprotected-day.ts';
import type { Excursion } from '../../risk/terms/excursion.ts';
import type { FlattenPolicy } from '../../risk/stop/flatten-policy.ts';
import type { ApprovedEntry } from '../../risk/gate/gate.ts';
import type { LimitUse } from '../../risk/portfolio/portfolio.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';
import type { BacktestDesk, LedgerStore, ReliabilityRow } from './evidence-ports.ts';
import type { EquityHistory, EquityPoint } from '../views/equity-history.ts';
import type {
  AccountStream,
  FeedStore,
  PriceStream,
  PriceTick,
  StreamState,
} from './feed-ports.ts';
import type { AlsoStored, ModeStore } from './mode-ports.ts';
import type { Halts, Permission } from '../halt/permission.ts';
import type { WalletLedger } from '../account/wallet-ledger.ts';
import type { Work } from './work.ts';

/** The application's time: the exchange's, as far as it can be known. In a demo it is the venue's clock and runs `speed` times as fast as the wall's. */
export interface Clock {
  now(): Timestamp;
  /** Exchange minus this machine's clock in milliseconds, 0 while both agree as far as can be told; absent in a demo. */
  offsetMs?(): number;
  /** Venue milliseconds for one wall millisecond; 1 except in a demo. */
  readonly speed: number;
}

/** What everybody may read. Rejects with ExchangeFailure; nothing falls back to a constant. */
export interface MarketData {
  /** All of them, or those of `symbols` that the exchange lists. */
  instruments(symbols?: readonly string[]): Promise<readonly Instrument[]>;
  tickers(): Promise<readonly Ticker[]>;
  /** Closed candles only, of the last price unless told, oldest first, at most 200; the newest ones when `endTime` is absent. */
  candles(query: {
    symbol: string;
    interval: Interval;
    limit: number;
    endTime?: Timestamp;
    of?: 'last' | 'mark';
  }): Promise<readonly Candle[]>;
  fundingRates(): Promise<readonly FundingRate[]>;
  /** What was settled at or after `since`, newest first, at most 200. */
  fundingHistory(symbol: string, since?: Timestamp): Promise<readonly FundingSettlement[]>;
  riskTiers(symbol: string): Promise<readonly RiskTier[]>;
}

/** The owner's account, read only. Rejects with ExchangeFailure. */
export interface AccountData {
  account(): Promise<Account>;
  positions(): Promise<readonly Position[]>;
  protections(): Promise<readonly ProtectiveOrder[]>;
  openOrders(): Promise<readonly Order[]>;
  /** How a stop or target that no longer rests has ended; undefined while the exchange's history does not have it. */
  protectionEnd(of: {
    readonly id: string;
    readonly symbol: string;
  }): Promise<ProtectionEnd | undefined>;
  /** Positions that closed at or after `since`, oldest first, all pages. */
  closedPositions(since: Timestamp): Promise<readonly ClosedPosition[]>;
  /** Oldest first, all pages. */
  fills(query: { orderId?: string; symbol?: string; since?: Timestamp }): Promise<readonly Fill[]>;
  /** The order with that client id wherever it is (pending or history), or undefined when the exchange knows none. */
  orderByClientId(clientId: string): Promise<Order | undefined>;
  leverage(symbol: string): Promise<{ leverage: number; marginMode: MarginMode }>;
}

/**
 * Everything that changes the account. Not built in `watch` mode. No method retries a write; `unknown` is the caller's to look
 * up. Entries are possible only with an order that the risk gate made.
 */
export interface Trading {
  /** Sets leverage and isolated margin for the symbol. */
  setLeverage(symbol: string, leverage: number): Promise<WriteOutcome>;
  /** Market entry with stop loss and take profit attached. One that would leave after `sendBy`, having waited for its turn, is not sent. */
  placeEntry(entry: ApprovedEntry, clientId: string, sendBy?: Timestamp): Promise<WriteOutcome>;
  /** Position stop loss and take profit, covering the whole position. Replaces what the position TP/SL was. */
  placeProtection(request: {
    symbol: string;
    positionId: string;
    stop?: Price;
    target?: Price;
  }): Promise<WriteOutcome>;
  cancelOrders(symbol: string, orderIds: readonly string[]): Promise<WriteOutcome>;
  /** Removes a resting stop or target. */
  cancelProtection(symbol: string, protectionId: string): Promise<WriteOutcome>;
  /** Closes the whole position at market; it can never open the other side. */
  closePosition(positionId: string): Promise<WriteOutcome>;
}

export type { AccountStream, AlsoStored, EquityPoint, Halts, ModeStore };
export type { Permission, PriceStream, PriceTick, StreamState };

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
  onCommit(listener: () => void): void;
}

/** What Vigil itself asked the exchange for, so that what others did can be told apart. */
export interface ActStore {
  note(act: OwnAct): Promise<void>;
  /** Acts at or after `from`, oldest first; two days are kept. */
  since(from: Timestamp): Promise<readonly OwnAct[]>;
}

export interface ProposalStore {
  /** False when the id is already there: the same signal is proposed once. Stores the findings in the same transaction. */
  create(proposal: Proposal, findings: readonly Finding[]): Promise<boolean>;
  byId(id: string): Promise<Proposal | undefined>;
  byNonce(nonce: string): Promise<Proposal | undefined>;
  /** Applies the event atomically; undefined when it is not possible in the stored status. */
  apply(id: string, event: ProposalEvent): Promise<Proposal | undefined>;
  /** Newest first. Rejects with StoreUnreadable when one of them, or the list of them, is gone or damaged. */
  recent(limit: number): Promise<readonly Proposal[]>;
  /** Among the newest 100; rejects as `recent`. */
  withStatus(status: Proposal['status']): Promise<readonly Proposal[]>;
  /** Lists again what can be read, and drops what cannot. Whoever calls it has halted before. */
  mend(): Promise<void>;
}

export interface ScanStore {
  save(report: ScanReport): Promise<void>;
  latest(): Promise<ScanReport | undefined>;
}

export interface LimitsStore {
  /** Nothing changed when nothing was ever stored. Rejects with StoreUnreadable when it is gone or damaged. */
  read(): Promise<LimitsRecord>;
  /** Stores and journals the next record with its findings. False when the stored one is no longer `before`. */
  save(change: {
    readonly before: LimitsRecord;
    readonly after: LimitsRecord;
    readonly findings: readonly Finding[];
  }): Promise<boolean>;
  /** Takes the limits from their journal again; false where it has none, so that the defaults count. Whoever calls it has halted before. */
  mend(): Promise<boolean>;
  /** Called after each change by any process. */
  onChange(listener: () => void): void;
}

/** What the owner has signed for closing without asking; nothing by default. */
export interface PolicyStore {
  /** Rejects with StoreUnreadable when it is corrupt: then nothing is closed. */
  read(): Promise<FlattenPolicy | undefined>;
  /** Undefined revokes. Journalled and told in the same transaction. */
  save(policy: FlattenPolicy | undefined, finding: Finding): Promise<void>;
}

/** Closed candles that were fetched, shared by all workers. */
export interface CandleStore {
  /** Appends candles that are newer than the stored ones; keeps the newest 400. */
  append(symbol: string, interval: Interval, candles: readonly Candle[]): Promise<void>;
  /** Open time of the newest stored candle of each symbol. */
  newest(symbols: readonly string[], interval: Interval): Promise<ReadonlyMap<string, Timestamp>>;
  /** Stored candles that opened after `after`, oldest first. */
  since(symbol: string, interval: Interval, after: Timestamp): Promise<readonly Candle[]>;
}

export interface Outbox {
  /** Numbers the finding and queues it. Undefined when this key was already told. Durable when it resolves. */
  raise(finding: Finding): Promise<Alert | undefined>;
  /** The message of that key is edited to this text, and its buttons go. Nothing happens when the key was never told. */
  revise(key: string, text: { title: string; lines: readonly string[] }): Promise<void>;
}

export interface OutboxQueue extends Outbox {
  /** The next ones to send or to edit, most important first, then oldest. */
  pending(limit: number): Promise<readonly Alert[]>;
  /** Alerts that were sent and whose text changed afterwards. */
  revised(limit: number): Promise<readonly Alert[]>;
  /** Claims it for this sender before the request goes out. False when another sender has it. */
  claim(number: number): Promise<boolean>;
  markSent(number: number, message: { chatId: number; messageId: number }): Promise<void>;
  markRevised(number: number): Promise<void>;
  /** Back to the queue after a failed request. */
  release(number: number): Promise<void>;
  recent(limit: number): Promise<readonly Alert[]>;
  /** Called when something was raised or revised by any process. */
  onNews(listener: () => void): void;
}

export interface OwnerStore {
  /** The paired owner's Telegram user id, or undefined before pairing. */
  owner(): Promise<number | undefined>;
  /** Pairs when the code is right and nobody is paired yet; the code is used up. Wrong guesses are counted: 5 burn the code. */
  pair(userId: number, code: string): Promise<'paired' | 'wrong' | 'burnt' | 'taken'>;
  /** Makes a new one-time code, stored as a hash, and returns its text for the console. */
  newCode(): Promise<string>;
}

/** Draws a picture from a Chart.js configuration (plain JSON). Rejects with a clear message when it cannot. */
export interface ChartRenderer {
  render(config: unknown, size?: { width: number; height: number }): Promise<Uint8Array>;
}

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** The four ways to run; DESIGN words in the README. */
export const VENUE_MODES = ['demo', 'paper', 'watch', 'live'] as const;
export type VenueMode = (typeof VENUE_MODES)[number];

/** What the use cases are given. */
export interface Ports {
  readonly venueMode: VenueMode;
  readonly clock: Clock;
  /** When this process started, on that clock. */
  readonly startedAt: Timestamp;
  /** In force now, for this venue's clock; may differ from one look to the next. */
  readonly limits: RiskLimits;
  /** Brings `limits` up to what is stored now: before an order the news of a change is not waited for. Never rejects. */
  refreshLimits(): Promise<void>;
  readonly limitsStore: LimitsStore;
  readonly policies: PolicyStore;
  readonly market: MarketData;
  readonly account: AccountData;
  /** The same account, read ahead of all other reads: for looks that an exit waits for. */
  readonly urgentAccount?: AccountData;
  /** Absent in `watch`: no order can be sent by construction. */
  readonly trading?: Trading;
  readonly mode: ModeStore;
  /** Asked last before an order, and before anything is loosened. */
  readonly permission: Permission;
  /** Absent in a process that hears no owner. */
  readonly halts?: Halts;
  readonly accounts: AccountStore;
  readonly acts: ActStore;
  readonly feeds: FeedStore;
  readonly proposals: ProposalStore;
  readonly scans: ScanStore;
  readonly candles: CandleStore;
  /** Absent: signals are not followed. */
  readonly ledger?: LedgerStore;
  /** Absent: no backtest can be asked for. */
  readonly backtests?: BacktestDesk;
  readonly outbox: Outbox;
  readonly work: Work;
  readonly log: Log;
  /** Waits so many wall milliseconds. */
  readonly pause: (wallMs: number) => Promise<void>;
  /** 16 random bytes as 22 characters of base64url. */
  readonly nonce: () => string;
}

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
  /** Absent: the text alone is sent, as with the next one. */
  reliability?(rows: readonly ReliabilityRow[], breakEven: number): Promise<Picture>;
  backtest?(
    points: readonly EquityPoint[],
    about: {
      readonly title: string;
      readonly halts: readonly { readonly at: Timestamp; readonly label: string }[];
    },
  ): Promise<Picture>;
  /** What each scenario would change of equity; at least one row. Absent: the text alone is sent. */
  stress?(
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
