import { randomBytes } from 'node:crypto';
import { createHaltGuard } from '../../src/app/halt/halt-guard.ts';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import type { OwnerStore } from '../../src/app/ports/owner-store.ts';
import type { ChartRenderer } from '../../src/app/ports/chart-renderer.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { OwnAlert } from '../../src/alerts/own-alert.ts';
import type { LoudnessSettings } from '../../src/alerts/loudness.ts';
import type { ToldState } from '../../src/alerts/remind.ts';
import type { ScanReport } from '../../src/domain/scan-report.ts';
import type { TimeStop } from '../../src/app/ports/time-stop-store.ts';
import type { TrailPlan } from '../../src/app/ports/trail-store.ts';
import type { FeedReport } from '../../src/app/ports/feeds.ts';
import type { FlattenRequest, ProtectRequest, ManageRequest } from '../../src/app/ports/work.ts';
import type { LimitsRecord } from '../../src/domain/limits-record.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Order } from '../../src/domain/order.ts';
import type { ClosedPosition, Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { transitionProposal, type Proposal } from '../../src/domain/proposal.ts';
import { transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import type { FlattenPolicy } from '../../src/risk/stop/flatten-policy.ts';
import type { PlaceChange } from '../../src/domain/signal.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import type { RiskState } from '../../src/risk/state/risk-state.ts';
import { hoursOf } from '../app/candles.ts';
import { createFakeOutbox, type FakeOutbox } from './fake-outbox.ts';
import { ACCOUNT, INSTRUMENTS, NOW, RISK_STATE, TICKERS, TIERS } from './samples.ts';

/** A world in memory that a test turns as it likes. Reading the exchange fails while `exchangeDown` is set. */
export interface FakeWorld {
  now: number;
  exchangeDown: boolean;
  account: Account;
  positions: Position[];
  protections: ProtectiveOrder[];
  openOrders: Order[];
  closed: ClosedPosition[];
  mode: ModeState | undefined;
  snapshot: AccountSnapshot | undefined;
  riskState: RiskState | undefined;
  scan: ScanReport | undefined;
  feeds: FeedReport[];
  limits: LimitsRecord;
  policy: FlattenPolicy | undefined;
  readonly places: Map<string, PlaceChange>;
  readonly trails: Map<string, TrailPlan>;
  readonly timeStops: Map<string, TimeStop>;
  readonly notes: Map<string, string>;
  equity: { at: number; equity: number }[];
  loudness: LoudnessSettings;
  ownAlerts: readonly OwnAlert[];
  presentAt: number | undefined;
  states: readonly ToldState[];
  readonly proposals: Proposal[];
  /** Jobs that were asked for. */
  readonly executed: string[];
  readonly flattened: FlattenRequest[];
  readonly protects: ProtectRequest[];
  readonly managed: ManageRequest[];
  /** Orders that went to the exchange past the jobs: must stay empty. */
  readonly orders: string[];
  /** Awaited by each account read. */
  hold: Promise<void>;
  readonly outbox: FakeOutbox;
  readonly logged: string[];
}

export function createFakeWorld(): FakeWorld {
  return {
    now: NOW,
    exchangeDown: false,
    account: ACCOUNT,
    positions: [],
    protections: [],
    openOrders: [],
    closed: [],
    mode: { mode: 'normal', reasons: [], since: NOW },
    snapshot: undefined,
    riskState: RISK_STATE,
    scan: undefined,
    feeds: [],
    limits: { values: {}, last: {}, pending: [] },
    policy: undefined,
    places: new Map(),
    trails: new Map(),
    timeStops: new Map(),
    notes: new Map(),
    equity: [],
    loudness: { kinds: {}, zone: 'UTC' },
    ownAlerts: [],
    presentAt: undefined,
    states: [],
    proposals: [],
    executed: [],
    flattened: [],
    protects: [],
    managed: [],
    orders: [],
    hold: Promise.resolve(),
    outbox: createFakeOutbox(),
    logged: [],
  };
}

/** Ports that a test puts in place of the fakes. */
export type PortChanges = { readonly [Name in keyof Ports]?: NonNullable<Ports[Name]> };

export function portsOf(world: FakeWorld, over: PortChanges = {}): Ports {
  const log = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    world.logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const stores = { ...storesOf(world), ...over };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const guard = createHaltGuard({
    mode: stores.mode,
    outbox: world.outbox,
    pause,
    log: { info: log, warn: log, error: log },
  });
  guard.lead(() => true);
  return {
    venueMode: 'demo',
    clock: { now: () => world.now, speed: 600 },
    halts: guard,
    permission: guard.permission,
    startedAt: NOW,
    readingsSince: () => NOW,
    limits: () => DEFAULT_LIMITS,
    refreshLimits: async () => undefined,
    limitsStore: limitsOf(world),
    trails: {
      all: async () => [...world.trails.values()],
      save: async (plan) => void world.trails.set(plan.positionId, plan),
      drop: async (id) => void world.trails.delete(id),
    },
    notes: {
      all: async () => world.notes,
      save: async (id, text) => void world.notes.set(id, text),
      drop: async (id) => void world.notes.delete(id),
    },
    timeStops: {
      all: async () => [...world.timeStops.values()],
      save: async (stop) => void world.timeStops.set(stop.positionId, stop),
      drop: async (id) => void world.timeStops.delete(id),
    },
    places: {
      read: async () => world.places,
      save: async (name, change) => void world.places.set(name, change),
    },
    policies: {
      read: async () => world.policy,
      save: async (policy) => void (world.policy = policy),
    },
    ...exchangeOf(world),
    ...storesOf(world),
    outbox: world.outbox,
    telling: {
      settings: async () => world.loudness,
      save: async (settings) => void (world.loudness = settings),
      states: async () => world.states,
      find: async (number) =>
        (await world.outbox.recent(1_000)).find((each) => each.number === number),
      recent: (limit) => world.outbox.recent(limit),
      lastReport: async () => undefined,
      noteReport: async () => undefined,
      dropState: async (id) => void (world.states = world.states.filter((each) => each.id !== id)),
      notePresence: async (at) => void (world.presentAt = at),
      presentAt: async () => world.presentAt,
    },
    ownAlerts: {
      list: async () => world.ownAlerts,
      change: async (change) => (world.ownAlerts = change(world.ownAlerts) ?? world.ownAlerts),
      onChange: () => () => undefined,
    },
    work: {
      execute: async (id) => void world.executed.push(id),
      expire: async () => undefined,
      flatten: async (request) => void world.flattened.push(request),
      protect: async (request) => void world.protects.push(request),
      manage: async (request) => void world.managed.push(request),
      refreshAccount: async () => undefined,
    },
    log: { info: log, warn: log, error: log },
    pause: async () => undefined,
    nonce: () => randomBytes(16).toString('base64url'),
    ...over,
    mode: guard.mode,
  };
}

/** Quiet hours of any coin. */
const hours = (now: number) => hoursOf(now, { count: 200, move: () => 0 });

function exchangeOf(world: FakeWorld): Pick<Ports, 'market' | 'account' | 'trading'> {
  async function read<T>(value: () => T): Promise<T> {
    await world.hold;
    if (world.exchangeDown) throw new Error('the exchange does not answer');
    return value();
  }
  const ordered = async (name: string): Promise<{ kind: 'accepted' }> => {
    world.orders.push(name);
    return { kind: 'accepted' };
  };
  return {
    market: {
      instruments: () => read(() => INSTRUMENTS),
      tickers: () => read(() => TICKERS),
      candles: ({ limit, endTime = Infinity }) =>
        read(() =>
          hours(world.now)
            .filter((each) => each.openTime < endTime)
            .slice(-limit),
        ),
      fundingHistory: async () => [],
      fundingRates: () => read(() => []),
      riskTiers: () => read(() => TIERS),
    },
    account: {
      account: () => read(() => world.account),
      positions: () => read(() => world.positions),
      protections: () => read(() => world.protections),
      openOrders: () => read(() => world.openOrders),
      protectionEnd: () => read(() => undefined),
      closedPositions: () => read(() => world.closed),
      fills: () => read(() => []),
      orderByClientId: () => read(() => undefined),
      leverage: () => read(() => ({ leverage: 5, marginMode: 'isolated' as const })),
    },
    trading: {
      setLeverage: () => ordered('setLeverage'),
      placeEntry: () => ordered('placeEntry'),
      placeProtection: () => ordered('placeProtection'),
      placePartial: () => ordered('placePartial'),
      cancelOrders: () => ordered('cancelOrders'),
      closePosition: () => ordered('closePosition'),
      cancelProtection: () => ordered('cancelProtection'),
      reducePosition: () => ordered('reducePosition'),
    },
  };
}

function storesOf(
  world: FakeWorld,
): Pick<Ports, 'mode' | 'actions' | 'feeds' | 'accounts' | 'proposals' | 'scans' | 'candles'> {
  return {
    mode: {
      read: async () => world.mode,
      apply: async (event, also = {}) => {
        const before = world.mode ?? { mode: 'halted', reasons: [], since: world.now };
        const state = transitionMode(before, event);
        world.mode = state;
        if (state.mode === 'normal' && world.riskState !== undefined)
          world.riskState = also.riskState?.(world.riskState) ?? world.riskState;
        return { state, changed: before.mode !== state.mode };
      },
      initialise: async (state) => (world.mode ??= state),
    },
    feeds: { report: async () => undefined, latest: async () => world.feeds },
    actions: { note: () => Promise.resolve(), since: () => Promise.resolve([]) },
    accounts: {
      commit: async () => undefined,
      snapshot: async () => world.snapshot,
      riskState: async () => world.riskState,
      reviseRiskState: async (change) => {
        const next = world.riskState === undefined ? undefined : change(world.riskState);
        world.riskState = next ?? world.riskState;
        return next;
      },
      equity: async () => world.equity,
      recordFailedRead: async () => 1,
      failedReads: async () => 0,
      priceTimes: async () => new Map(),
      savePriceTimes: async () => undefined,
      onCommit: () => () => undefined,
    },
    proposals: proposalsOf(world),
    scans: { save: async () => undefined, latest: async () => world.scan },
    candles: {
      append: async () => undefined,
      newest: async () => new Map(),
      since: async () => [],
    },
  };
}

function limitsOf(world: FakeWorld): Ports['limitsStore'] {
  return {
    read: async () => world.limits,
    save: async ({ after, findings }) => {
      world.limits = after;
      for (const each of findings) await world.outbox.raise(each);
      return true;
    },
    repair: async () => true,
    onChange: () => undefined,
  };
}

function proposalsOf(world: FakeWorld): Ports['proposals'] {
  const { proposals } = world;
  return {
    create: async (proposal) => proposals.push(proposal) > 0,
    byId: async (id) => proposals.find((each) => each.id === id),
    byNonce: async (nonce) => proposals.find((each) => each.nonce === nonce),
    apply: async (id, event) => {
      const index = proposals.findIndex((each) => each.id === id);
      const found = proposals[index];
      const next = found === undefined ? undefined : transitionProposal(found, event);
      if (next !== undefined) proposals[index] = next;
      return next;
    },
    recent: async (limit) => proposals.slice(0, limit),
    withStatus: async (status) => proposals.filter((each) => each.status === status),
    repair: async () => undefined,
  };
}

/** Owners in memory. The code is "GOODCODE"; five wrong guesses burn it, and the next one is "NEXTCODE". */
export function createFakeOwners(paired?: number): OwnerStore {
  let owner: number | 'reset' | undefined = paired;
  let former: number | undefined;
  let code = 'GOODCODE';
  let guesses = 0;
  const listeners = new Set<() => void>();
  return {
    owner: async () => owner,
    hasCode: async () => guesses < 5 && typeof owner !== 'number',
    newCode: async () => {
      guesses = 0;
      return (code = 'NEXTCODE');
    },
    reset: async () => {
      former = typeof owner === 'number' ? owner : undefined;
      owner = 'reset';
      guesses = 5;
      for (const each of listeners) each();
      return former;
    },
    keep: async (id) => void (owner ??= id),
    former: async () => former,
    formerWasTold: async () => void (former = undefined),
    onReset: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    pair: async (userId, given) => {
      if (typeof owner === 'number') return 'taken';
      if (guesses >= 5) return 'void';
      if (given !== code) {
        guesses += 1;
        return guesses >= 5 ? 'void' : 'wrong';
      }
      owner = userId;
      return 'paired';
    },
  };
}

/** The smallest picture: one transparent pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Draws nothing: each chart is the same pixel, unless `render` is given. */
export const createFakeRenderer = (
  render: ChartRenderer['render'] = async () => PIXEL,
): ChartRenderer => ({ render });
