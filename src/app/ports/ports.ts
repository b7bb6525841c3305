/**
 * The doors of the application, an interface a file: what it needs from the world. Adapters in exchange/, store/, charts/, bot/ and
 * jobs/ implement them; process/wiring.ts connects them. Use cases take the few that they need and never import an adapter.
 */
import type { Timestamp } from '../../domain/time.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { AccountData } from './account-data.ts';
import type { AccountStore } from './account-store.ts';
import type { ActionLog } from './action-log.ts';
import type { BacktestQueue } from './backtests.ts';
import type { CandleStore } from './candle-store.ts';
import type { Clock } from './clock.ts';
import type { FeedStore } from './feeds.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { LimitsStore } from './limits-store.ts';
import type { Log } from './log.ts';
import type { MarketData } from './market-data.ts';
import type { ModeStore } from './mode-store.ts';
import type { NoteStore } from './note-store.ts';
import type { Outbox } from './outbox.ts';
import type { OwnAlertStore } from './own-alert-store.ts';
import type { Halts, Permission } from './permission.ts';
import type { PlaceStore } from './place-store.ts';
import type { PolicyStore } from './policy-store.ts';
import type { ProposalStore } from './proposal-store.ts';
import type { ScanStore } from './scan-store.ts';
import type { TellingStore } from './telling.ts';
import type { TimeStopStore } from './time-stop-store.ts';
import type { TrailStore } from './trail-store.ts';
import type { Trading } from './trading.ts';
import type { VenueMode } from './venue-mode.ts';
import type { Work } from './work.ts';

/** What the use cases are given. */
export interface Ports {
  readonly venueMode: VenueMode;
  readonly clock: Clock;
  /** When this process started, on that clock. */
  readonly startedAt: Timestamp;
  /** Since when what is read can be kept: the start, or later the moment at which the store took writes again. */
  readingsSince(): Timestamp;
  /** In force now, for this venue's clock; may differ from one call to the next. */
  limits(): RiskLimits;
  /** Brings `limits` up to what is stored now: before an order the news of a change is not waited for. Never rejects. */
  refreshLimits(): Promise<void>;
  readonly limitsStore: LimitsStore;
  readonly policies: PolicyStore;
  readonly places: PlaceStore;
  readonly trails: TrailStore;
  readonly timeStops: TimeStopStore;
  readonly notes: NoteStore;
  readonly market: MarketData;
  readonly account: AccountData;
  /** The same account, read ahead of all other reads: for looks that what the owner has confirmed waits for. */
  readonly urgentAccount?: AccountData;
  /** Absent in `watch`: no order can be sent by construction. */
  readonly trading?: Trading;
  readonly mode: ModeStore;
  /** Asked last before an order, and before anything is loosened. */
  readonly permission: Permission;
  /** Why the store is away, in plain words: what is shown then comes from the exchange and from memory. Absent or undefined: it is there. */
  readonly storeAway?: () => string | undefined;
  /** Absent in a process that hears no owner. */
  readonly halts?: Halts;
  readonly accounts: AccountStore;
  readonly actions: ActionLog;
  readonly feeds: FeedStore;
  readonly proposals: ProposalStore;
  readonly scans: ScanStore;
  readonly candles: CandleStore;
  /** Absent: signals are not followed. */
  readonly ledger?: LedgerStore;
  /** Absent: no backtest can be asked for. */
  readonly backtests?: BacktestQueue;
  readonly outbox: Outbox;
  readonly telling: TellingStore;
  readonly ownAlerts: OwnAlertStore;
  readonly work: Work;
  readonly log: Log;
  /** Waits so many wall milliseconds. */
  readonly pause: (wallMs: number) => Promise<void>;
  /** 16 random bytes as 22 characters of base64url. */
  readonly nonce: () => string;
}
