/** Connects the adapters to the ports. Used by the main process and by the worker thread, so that both run the same code. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createHaltGuard, type HaltGuard } from '../app/halt/halt-guard.ts';
import { followLimits } from '../app/limits/limits-in-force.ts';
import { limitsAtSpeed } from '../app/limits/limits-at-speed.ts';
import { logActions } from '../app/account/log-actions.ts';
import type { AccountData } from '../app/ports/account-data.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Log } from '../app/ports/log.ts';
import type { Permission } from '../app/ports/permission.ts';
import type { Ports } from '../app/ports/ports.ts';
import { createOwnerCache, type OwnerCache } from '../bot/access/owner-cache.ts';
import type { Config } from '../config.ts';
import { ExchangeFailure } from '../domain/failure.ts';
import { createBitunix, type Bitunix } from '../exchange/bitunix/bitunix.ts';
import { createBacktestQueue } from '../jobs/queues/backtest-queue.ts';
import { createQueues, type Queues } from '../jobs/queues/queues.ts';
import { sinceThere, watchStore, type StoreWatch } from './without-store/store-watch.ts';
import { createHaltShelf } from './without-store/halt-shelf.ts';
import { readMarker } from './without-store/store-marker.ts';
import type { Fence } from '../store/fence.ts';
import { createStore, type Store } from '../store/store.ts';
import { followVenueClock, wallClock } from './venue-clock.ts';

/** A config in which everything that was started for it has its address. */
export interface RunConfig extends Config {
  readonly redisUrl: string;
  /** Keys of the venue; absent only where the venue needs none. */
  readonly logFile?: string;
  /** Looks for no further signal while a card waits for its answer. */
  readonly oneCardAtATime?: true;
}

/** What the wiring is given beside its config. */
export interface Beside {
  /** What the writes of this process carry. */
  readonly fence?: Fence;
  /** Where another process is asked for permission; without one this process gives it itself, once its guard leads. */
  readonly permission?: Permission;
  /** This machine's clock; the wall's unless told. */
  readonly machine?: Clock;
  /** What the exchange's limits on frequency are counted by; this machine's clock unless told. */
  readonly pacing?: Clock;
  /** The simulator's clock, where it runs in this process: it is not asked for over the wire then. */
  readonly venueClock?: Clock;
}

export interface Wiring {
  readonly ports: Ports;
  readonly store: Store;
  readonly queues: Queues;
  readonly bitunix: Bitunix;
  readonly redis: Redis;
  readonly clock: Clock;
  /** The owner's halts, as this process knows them; it gives no permission until it leads. */
  readonly guard: HaltGuard;
  /** Whether the store takes writes. */
  readonly watch: StoreWatch;
  /** The owner, kept past the store. */
  readonly owner: OwnerCache;
  /** A connection of its own, for whatever blocks on it. */
  connect(): Redis;
  close(): Promise<void>;
}

/**
 * Builds everything that the use cases need. Rejects when the simulator's clock cannot be read.
 */
export async function wire(config: RunConfig, log: Log, beside: Beside = {}): Promise<Wiring> {
  const { permission, venueClock } = beside;
  const followed =
    config.simControlUrl === undefined || venueClock !== undefined
      ? undefined
      : await followVenueClock(config.simControlUrl);
  const machine = venueClock ?? followed ?? beside.machine ?? wallClock;
  const connections: Redis[] = [];
  const away = new Set<Redis>();
  const open = (options: Patience): Redis => {
    const redis = openRedis(config.redisUrl, options);
    noteAbsence(redis, away, log);
    connections.push(redis);
    return redis;
  };
  // A command that cannot be carried out soon fails with an error: nobody waits for a Redis that is gone.
  const prompt = { maxRetriesPerRequest: 1, commandTimeout: 3_000 };
  const redis = open(prompt);
  const store = createStore(redis, config.account, beside.fence);
  const queues = createQueues(open(prompt), store.keys.queues);
  const backtestQueue = createBacktestQueue(open(prompt), store.keys.queues);
  const { pacing = machine } = beside;
  const bitunix = openBitunix(config, { clock: machine, pacing }, log);
  const clock = venueClock ?? followed ?? (await exchangeClock(bitunix));
  const limits = await keepLimits(store, { log, clock });
  const pause = (wallMs: number): Promise<void> => setTimeout(wallMs);
  const shelf = createHaltShelf(config, log);
  const { watch, owner } = await openIdentity(config, store, log);
  const { unsettled } = watch;
  const { mode, outbox } = store;
  const guard = createHaltGuard({ mode, outbox, pause, log, shelf, unsettled });
  const ports = portsOf({
    config,
    log,
    clock,
    store,
    queues,
    backtestQueue,
    bitunix,
    limits,
    guard,
    watch,
    permission,
    pause,
  });
  return {
    ports,
    store,
    queues,
    bitunix,
    redis,
    clock,
    guard,
    watch,
    owner,
    // BullMQ's workers wait on their connection for as long as it takes.
    connect: () => open({ maxRetriesPerRequest: null }),
    close: async () => {
      guard.stop();
      watch.stop();
      limits.stop();
      await queues.close().catch(() => undefined);
      await backtestQueue.close().catch(() => undefined);
      await bitunix.close().catch(() => undefined);
      followed?.close();
      store.close();
      for (const each of connections) each.disconnect();
    },
  };
}

/** By what this machine knows of the store and of its owner. */
async function openIdentity(
  config: RunConfig,
  { epoch, owners }: Store,
  log: Log,
): Promise<Pick<Wiring, 'watch' | 'owner'>> {
  const before = await readMarker(config);
  if (before !== undefined) epoch.recall(before);
  return { watch: watchStore(epoch, log), owner: createOwnerCache(owners, before?.owner) };
}

/** What is connected, and what differs between the process that hears the owner and the worker. */
interface Parts {
  readonly config: RunConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly store: Store;
  readonly queues: Queues;
  readonly backtestQueue: ReturnType<typeof createBacktestQueue>;
  readonly bitunix: Bitunix;
  readonly limits: Awaited<ReturnType<typeof keepLimits>>;
  readonly guard: HaltGuard;
  readonly watch: StoreWatch;
  readonly permission: Permission | undefined;
  readonly pause: (wallMs: number) => Promise<void>;
}

function portsOf(parts: Parts): Ports {
  const { config, log, clock, store, queues, backtestQueue, bitunix, limits, guard } = parts;
  const { permission, pause } = parts;
  return {
    venueMode: config.mode,
    clock,
    startedAt: clock.now(),
    readingsSince: sinceThere(parts.watch, clock),
    limits: limits.current,
    market: bitunix.market,
    account: bitunix.account ?? noAccount,
    ...(bitunix.urgentAccount === undefined ? {} : { urgentAccount: bitunix.urgentAccount }),
    ...(bitunix.trading === undefined
      ? {}
      : { trading: logActions(bitunix.trading, { actions: store.actions, clock, log }) }),
    refreshLimits: limits.refresh,
    limitsStore: store.limits,
    policies: store.policies,
    places: store.places,
    trails: store.trails,
    timeStops: store.timeStops,
    notes: store.notes,
    ...(permission === undefined
      ? { mode: guard.mode, halts: guard, permission: guard.permission }
      : { mode: store.mode, permission }),
    storeAway: parts.watch.away,
    accounts: store.accounts,
    actions: store.actions,
    feeds: store.feeds,
    proposals: store.proposals,
    scans: store.scans,
    candles: store.candles,
    ledger: store.ledger,
    backtests: { ...store.backtests, ask: backtestQueue.ask },
    outbox: store.outbox,
    telling: store.telling,
    ownAlerts: store.ownAlerts,
    work: queues.work,
    log,
    pause,
    nonce: () => randomBytes(16).toString('base64url'),
  };
}

/** How long a start waits to learn the exchange's time, wall milliseconds. */
const LEARN_TIME_MS = 3_000;

/**
 * The exchange's time as its answers show it, once it has answered at all: a machine whose clock is off then keeps the right time, and
 * its own until then.
 */
async function exchangeClock(bitunix: Bitunix): Promise<Clock> {
  const answered = bitunix.market.riskTiers('BTCUSDT').catch(() => undefined);
  await Promise.race([answered, setTimeout(LEARN_TIME_MS, undefined, { ref: false })]);
  return { now: () => bitunix.now(), offsetMs: () => bitunix.health().offsetMs, speed: 1 };
}

/** Changed limits are told by a message; this is for one that was missed. */
const LIMITS_READ_MS = 5_000;

async function keepLimits(store: Store, { log, clock }: { log: Log; clock: Clock }) {
  const limits = followLimits(store.limits, log);
  await limits.refresh();
  const timer = setInterval(() => void limits.refresh(), LIMITS_READ_MS);
  let stretch = clock.speed;
  return {
    current: () => {
      // A clock that is slowed down leaves ages behind that were fine at its old speed.
      stretch = Math.max(stretch, clock.speed);
      return limitsAtSpeed(limits.current(), stretch);
    },
    refresh: limits.refresh,
    stop: () => clearInterval(timer),
  };
}

const openBitunix = (
  config: RunConfig,
  clocks: { readonly clock: Clock; readonly pacing: Clock },
  log: Log,
): Bitunix =>
  createBitunix({
    url: config.exchangeUrl,
    ...(config.apiKey === undefined ? {} : { apiKey: config.apiKey }),
    ...(config.secretKey === undefined ? {} : { secretKey: config.secretKey }),
    ...(config.subAccountId === undefined ? {} : { subAccountId: config.subAccountId }),
    ...clocks,
    log,
    trading: config.mode !== 'watch',
  });

/** How long a command waits for a Redis that is away; null: for ever. */
interface Patience {
  readonly maxRetriesPerRequest: number | null;
  readonly commandTimeout?: number;
}

const openRedis = (url: string, patience: Patience): Redis =>
  new Redis(url, { ...patience, retryStrategy: (tries) => Math.min(100 * tries, 1_000) });

/** One line when the first connection is lost and one when the last is back, however often they are tried between. */
function noteAbsence(redis: Redis, away: Set<Redis>, log: Log): void {
  redis.on('error', (error: Error) => {
    if (away.size === 0) log.warn('Redis does not answer', { reason: error.message });
    away.add(redis);
  });
  redis.on('ready', () => {
    if (away.delete(redis) && away.size === 0) log.info('Redis answers again');
  });
  redis.on('end', () => away.delete(redis));
}

const refuseRead = (): Promise<never> =>
  Promise.reject(
    new ExchangeFailure('no API key is set, so the account cannot be read', {
      kind: 'auth',
      retriable: false,
    }),
  );

const noAccount: AccountData = {
  account: refuseRead,
  positions: refuseRead,
  protections: refuseRead,
  openOrders: refuseRead,
  protectionEnd: refuseRead,
  closedPositions: refuseRead,
  fills: refuseRead,
  orderByClientId: refuseRead,
  leverage: refuseRead,
};
