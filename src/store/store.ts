import type { Redis } from 'ioredis';
import type { AccountStore } from '../app/ports/account-store.ts';
import type { AnsweredUpdates } from '../app/ports/answered-updates.ts';
import type { ActionLog } from '../app/ports/action-log.ts';
import type { CandleStore } from '../app/ports/candle-store.ts';
import type { LimitsStore } from '../app/ports/limits-store.ts';
import type { ModeStore } from '../app/ports/mode-store.ts';
import type { OutboxAhead, OutboxQueue } from '../app/ports/outbox.ts';
import type { OwnerStore } from '../app/ports/owner-store.ts';
import type { PolicyStore } from '../app/ports/policy-store.ts';
import type { PlaceStore } from '../app/ports/place-store.ts';
import type { NoteStore } from '../app/ports/note-store.ts';
import type { TimeStopStore } from '../app/ports/time-stop-store.ts';
import type { TrailStore } from '../app/ports/trail-store.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { ProposalStore } from '../app/ports/proposal-store.ts';
import type { OwnAlertStore } from '../app/ports/own-alert-store.ts';
import type { TellingStore } from '../app/ports/telling.ts';
import type { ScanStore } from '../app/ports/scan-store.ts';
import { createAnsweredUpdates } from './repositories/answered-updates.ts';
import { createAccountStore } from './repositories/account-store.ts';
import { createActionLog } from './repositories/action-log.ts';
import { createCandleStore } from './repositories/candle-store.ts';
import type { Fence } from './fence.ts';
import { createLease, type Lease } from './lease.ts';
import { storeKeys, type StoreKeys } from './keys.ts';
import { createBacktestStore } from './repositories/backtest-store.ts';
import { createEpoch, type Epoch } from './epoch.ts';
import { createFeedStore } from './repositories/feed-store.ts';
import { createLedgerStore } from './repositories/ledger-store.ts';
import { createLimitsStore } from './repositories/limits-store.ts';
import { createModeStore } from './repositories/mode-store.ts';
import { createNews } from './news.ts';
import { createOutbox } from './repositories/outbox-store.ts';
import { createOutboxAhead } from './outbox-ahead.ts';
import { createOwnerStore } from './repositories/owner-store.ts';
import { createPermissionChannel, type PermissionChannel } from './permission-channel.ts';
import { createPolicyStore } from './repositories/policy-store.ts';
import { createPlaceStore } from './repositories/place-store.ts';
import { createNoteStore } from './repositories/note-store.ts';
import { createTimeStopStore } from './repositories/time-stop-store.ts';
import { createTrailStore } from './repositories/trail-store.ts';
import { createPulseChannel, type PulseChannel } from './pulse-channel.ts';
import { createProposalStore } from './repositories/proposal-store.ts';
import { createOwnAlertStore } from './repositories/own-alert-store.ts';
import { createTellingStore } from './repositories/telling-store.ts';
import { createScanStore } from './repositories/scan-store.ts';

/** All repositories of one account over one connection. */
export interface Store {
  readonly keys: StoreKeys;
  readonly epoch: Epoch;
  readonly mode: ModeStore;
  readonly limits: LimitsStore;
  readonly policies: PolicyStore;
  readonly places: PlaceStore;
  readonly trails: TrailStore;
  readonly timeStops: TimeStopStore;
  readonly notes: NoteStore;
  readonly accounts: AccountStore;
  readonly actions: ActionLog;
  readonly feeds: Ports['feeds'];
  readonly proposals: ProposalStore;
  readonly scans: ScanStore;
  readonly candles: CandleStore;
  readonly ledger: NonNullable<Ports['ledger']>;
  readonly backtests: Omit<NonNullable<Ports['backtests']>, 'ask'>;
  readonly outbox: OutboxQueue;
  /** The same outbox for another one who leads. */
  outboxOf(fence: Fence): OutboxQueue;
  /** For what that one alone raises. */
  outboxAhead(fence: Fence): OutboxAhead;
  /** The right to be the one who does that. */
  lease(role: string, leaseMs: number): Lease;
  readonly owners: OwnerStore;
  readonly telling: TellingStore;
  readonly ownAlerts: OwnAlertStore;
  readonly answered: AnsweredUpdates;
  readonly permission: PermissionChannel;
  readonly pulses: PulseChannel;
  close(): void;
}

/**
 * `account` names the account in the keys, so that several share one Redis: letters, digits and "-". `fence`: what the writes carry of
 * whoever has to lead for them.
 */
export function createStore(redis: Redis, account: string, fence?: Fence): Store {
  const keys = storeKeys(account, fence);
  const news = createNews(redis);
  const permission = createPermissionChannel(redis, keys);
  const epoch = createEpoch(redis, keys);
  return {
    keys,
    epoch,
    mode: createModeStore(redis, keys),
    limits: createLimitsStore(redis, keys, news),
    policies: createPolicyStore(redis, keys),
    accounts: createAccountStore(redis, keys, news),
    actions: createActionLog(redis, keys),
    feeds: createFeedStore(redis, keys),
    proposals: createProposalStore(redis, keys),
    scans: createScanStore(redis, keys),
    places: createPlaceStore(redis, keys),
    trails: createTrailStore(redis, keys),
    timeStops: createTimeStopStore(redis, keys),
    notes: createNoteStore(redis, keys),
    candles: createCandleStore(redis, keys),
    ledger: createLedgerStore(redis, keys),
    backtests: createBacktestStore(redis, keys),
    outbox: noting(createOutbox(redis, keys, news), epoch),
    outboxOf: (other) => noting(createOutbox(redis, storeKeys(account, other), news), epoch),
    outboxAhead: (other) => createOutboxAhead(redis, storeKeys(account, other), news),
    lease: (role, leaseMs) =>
      createLease(redis, { lease: keys.lease(role), fence: keys.fence(role) }, { leaseMs, news }),
    owners: createOwnerStore(redis, keys, news),
    telling: createTellingStore(redis, keys),
    ownAlerts: createOwnAlertStore(redis, keys, news),
    answered: createAnsweredUpdates(redis, keys),
    permission,
    pulses: createPulseChannel(redis, keys, news),
    close: () => {
      news.close();
      permission.close();
    },
  };
}

/** What was told must never be told of something else under the same number. */
const noting = (outbox: OutboxQueue, epoch: Pick<Epoch, 'saw'>): OutboxQueue => ({
  ...outbox,
  markSent: (number, message) => {
    epoch.saw(number);
    return outbox.markSent(number, message);
  },
});
