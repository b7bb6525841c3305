/**
 * The doors of the application: what it needs from the world, as interfaces. Adapters in exchange/, store/, charts/, bot/ and
 * jobs/ implement them; main.ts connects them. Use cases take them as arguments and never import an adapter.
 */
import type { Account } from '../domain/account.ts';
import type { Alert, Finding } from '../domain/alert.ts';
import type { Candle, Interval } from '../domain/candle.ts';
import type { FundingRate, Instrument, RiskTier, Ticker } from '../domain/instrument.ts';
import type { Price } from '../domain/money.ts';
import type { Fill, Order, WriteOutcome } from '../domain/order.ts';
import type { ClosedPosition, MarginMode, Position, ProtectiveOrder } from '../domain/position.ts';
import type { Proposal, ProposalEvent } from '../domain/proposal.ts';
import type { Timestamp } from '../domain/time.ts';
import type { ModeEvent, ModeState } from '../domain/trading-mode.ts';
import type { ApprovedEntry } from '../risk/gate.ts';
import type { RiskState } from '../risk/risk-state.ts';

/** The application's time. In a demo it is the venue's clock and runs `speed` times as fast as the wall's. */
export interface Clock {
  now(): Timestamp;
  /** Venue milliseconds for one wall millisecond; 1 except in a demo. */
  readonly speed: number;
}

/** What everybody may read. Rejects with ExchangeFailure; nothing falls back to a constant. */
export interface MarketData {
  instruments(): Promise<readonly Instrument[]>;
  tickers(): Promise<readonly Ticker[]>;
  /** Closed candles only, oldest first, at most 200; the newest ones when `endTime` is absent. */
  candles(query: {
    symbol: string;
    interval: Interval;
    limit: number;
    endTime?: Timestamp;
  }): Promise<readonly Candle[]>;
  fundingRates(): Promise<readonly FundingRate[]>;
  riskTiers(symbol: string): Promise<readonly RiskTier[]>;
}

/** The owner's account, read only. Rejects with ExchangeFailure. */
export interface AccountData {
  account(): Promise<Account>;
  positions(): Promise<readonly Position[]>;
  protections(): Promise<readonly ProtectiveOrder[]>;
  openOrders(): Promise<readonly Order[]>;
  /** Positions that closed at or after `since`, oldest first, all pages. */
  closedPositions(since: Timestamp): Promise<readonly ClosedPosition[]>;
  fills(query: { orderId?: string; since?: Timestamp }): Promise<readonly Fill[]>;
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
  /** Market entry with stop loss and take profit attached. */
  placeEntry(entry: ApprovedEntry, clientId: string): Promise<WriteOutcome>;
  /** Position stop loss and take profit, covering the whole position. Replaces what the position TP/SL was. */
  placeProtection(request: {
    symbol: string;
    positionId: string;
    stop?: Price;
    target?: Price;
  }): Promise<WriteOutcome>;
  cancelOrders(symbol: string, orderIds: readonly string[]): Promise<WriteOutcome>;
  /** Closes the whole position at market; it can never open the other side. */
  closePosition(positionId: string): Promise<WriteOutcome>;
}

/** One pushed mark price. `receivedAt` is wall time in milliseconds with fractions (performance.now()). */
export interface PriceTick {
  readonly symbol: string;
  readonly mark: Price;
  readonly at: Timestamp;
  readonly receivedAt: number;
}

export type StreamState = 'connecting' | 'live' | 'stale' | 'closed';

/** Public price stream with reconnect. `follow` replaces the set of symbols. */
export interface PriceStream {
  follow(symbols: readonly string[]): void;
  onTick(listener: (tick: PriceTick) => void): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  state(): StreamState;
  /** Wall milliseconds since the last frame of any kind; undefined before the first. */
  silenceMs(): number | undefined;
  close(): Promise<void>;
}

/** Private stream: hints that something changed; the truth comes from a read. */
export interface AccountStream {
  onHint(listener: (channel: 'balance' | 'position' | 'order' | 'tpsl', symbol: string | undefined) => void): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  state(): StreamState;
  close(): Promise<void>;
}

/** The last complete read of the account, as stored for every role to use. Ages are shown with every figure. */
export interface AccountSnapshot {
  readonly account: Account;
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly openOrders: readonly Order[];
  readonly at: Timestamp;
}

export interface ModeStore {
  /** Undefined when nothing is stored (new account or a flushed store). Rejects with StoreUnreadable when it is corrupt. */
  read(): Promise<ModeState | undefined>;
  /** Applies the event to the stored state atomically and journals it. `changed` is false when nothing became tighter or looser. */
  apply(event: ModeEvent, now: Timestamp): Promise<{ state: ModeState; changed: boolean }>;
  /** Writes the first state. Refuses when one is there. */
  initialise(state: ModeState): Promise<void>;
}

export interface SnapshotStore {
  save(snapshot: AccountSnapshot): Promise<void>;
  read(): Promise<AccountSnapshot | undefined>;
  /** Counts failed reads in a row: 0 after a success. */
  recordRead(ok: boolean): Promise<number>;
  failedReads(): Promise<number>;
}

export interface RiskStateStore {
  read(): Promise<RiskState | undefined>;
  save(state: RiskState): Promise<void>;
}

export interface EquityPoint {
  readonly at: Timestamp;
  readonly equity: number;
}

export interface EquityStore {
  append(point: EquityPoint): Promise<void>;
  since(at: Timestamp): Promise<readonly EquityPoint[]>;
}

export interface ProposalStore {
  /** False when the id is already there: the same signal is proposed once. */
  create(proposal: Proposal): Promise<boolean>;
  byId(id: string): Promise<Proposal | undefined>;
  byNonce(nonce: string): Promise<Proposal | undefined>;
  /** Applies the event atomically; undefined when it is not possible in the stored status. */
  apply(id: string, event: ProposalEvent): Promise<Proposal | undefined>;
  /** Newest first. */
  recent(limit: number): Promise<readonly Proposal[]>;
  withStatus(status: Proposal['status']): Promise<readonly Proposal[]>;
}

/** The last scan, as shown by /signals. */
export interface ScanReport {
  readonly at: Timestamp;
  readonly candleClosedAt: Timestamp;
  readonly universe: number;
  readonly evaluated: number;
  readonly notReady: number;
  readonly found: readonly ScanEntry[];
}

export interface ScanEntry {
  readonly signal: import('../domain/signal.ts').Signal;
  /** Proposed to the owner, or refused by the gate with these reasons. */
  readonly fate: 'proposed' | 'refused' | 'not best';
  readonly reasons: readonly string[];
}

export interface ScanStore {
  save(report: ScanReport): Promise<void>;
  latest(): Promise<ScanReport | undefined>;
}

export interface Outbox {
  /** Numbers the finding and queues it. Undefined when this key was already told. Durable when it resolves. */
  raise(finding: Finding): Promise<Alert | undefined>;
}

export interface OutboxQueue extends Outbox {
  /** The next ones to send, most important first, then oldest. */
  pending(limit: number): Promise<readonly Alert[]>;
  markSending(number: number): Promise<void>;
  markSent(number: number, message: { chatId: number; messageId: number }): Promise<void>;
  markFailed(number: number, reason: string): Promise<void>;
  byNumber(number: number): Promise<Alert | undefined>;
}

export interface OwnerStore {
  /** The paired owner's Telegram user id, or undefined before pairing. */
  owner(): Promise<number | undefined>;
  /** Pairs when no owner is there yet. False when somebody is. */
  pair(userId: number): Promise<boolean>;
  /** One-time code, hashed at rest, made at first start. */
  saveCode(hash: string): Promise<void>;
  codeHash(): Promise<string | undefined>;
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
