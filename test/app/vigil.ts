import { Queue, type Job } from 'bullmq';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import type { Log } from '../../src/app/ports/log.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { startVenue, type Venue, type VenueOptions } from '../../src/simulator/venue/venue.ts';
import { wire, type Beside, type RunConfig, type Wiring } from '../../src/process/wiring.ts';
import type { RealRedis } from '../store/real-redis.ts';

/** 2025-10-06 12:20 UTC, a Monday. */
export const START = Date.UTC(2025, 9, 6, 12, 20);

export const KEY = {
  apiKey: 'testKey0000000000000000000000001',
  secretKey: 'testSecret0000000000000000000001',
};

/** The account as the simulator knows it. */
export interface Truth {
  readonly equity: string;
  readonly wallet: string;
  readonly positions: readonly {
    symbol: string;
    direction: string;
    qty: string;
    positionId: string;
  }[];
  readonly orders: readonly { symbol: string; clientId: string; qty: string }[];
  readonly tpsl: readonly {
    symbol: string;
    positionId: string;
    slPrice: string | null;
    tpPrice: string | null;
  }[];
  readonly orderHistory: readonly {
    symbol: string;
    clientId: string;
    status: string;
    qty: string;
  }[];
  readonly closedPositions: readonly { symbol: string }[];
}

/**
 * The application over a simulated exchange and a real Redis, without bot and workers: tests call the use cases. The exchange counts no
 * requests unless `rateLimits` is asked for: that nobody is refused is proved elsewhere, and here nobody need wait.
 */
export interface Vigil {
  readonly venue: Venue;
  readonly wiring: Wiring;
  readonly ports: Ports;
  readonly logged: readonly string[];
  /** A call of the simulator's control API; rejects with its answer when it refuses. */
  control(call: string, body: object): Promise<void>;
  truth(): Promise<Truth>;
  /** How many requests the exchange has answered. */
  served(): Promise<number>;
  /** Moves the exchange's clock, and with it the application's. */
  leap(ms: number): Promise<void>;
  /** Jobs that were asked for and that nobody has worked on. */
  jobs(queue: 'account' | 'orders' | 'upkeep' | 'scan' | 'backtests'): Promise<readonly Job[]>;
  /** Everything that was raised, oldest first. */
  alerts(): Promise<readonly Alert[]>;
  close(): Promise<void>;
}

export interface VigilOptions {
  readonly redis: RealRedis;
  readonly venue?: Partial<VenueOptions>;
  readonly config?: Partial<RunConfig>;
  /** The client finds the exchange's time by itself, as it does live, on a machine whose clock is so far ahead of it. */
  readonly machineAheadMs?: () => number;
  /** Replaces ports, such as one whose writes a test wants to cut off. */
  readonly over?: (ports: Ports) => Partial<Ports>;
}

/** What a Confirm under /resume sends, when the card is shown now. */
export const shownToResume = async (ports: Ports, rebase = false) => ({
  by: 1,
  rebase,
  seen: (await ports.mode.read())?.reasons ?? [],
});

/** The same ports, in each of whose pauses so many wall seconds go by at once: for what waits in vain, or for long. */
export const hurried = (vigil: Vigil, ports: Ports, seconds: number): Ports => ({
  ...ports,
  pause: () => vigil.leap(seconds * 1_000 * vigil.venue.speed),
});

let opened = 0;

export async function openVigil(options: VigilOptions): Promise<Vigil> {
  const venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: 12, from: START },
    speed: 10,
    accounts: [{ ...KEY, balance: '10000' }],
    pushMs: 100,
    // As in the demo: the window is about real clocks.
    quirks: { receiveWindowMs: 600_000 },
    rateLimits: false,
    ...options.venue,
  });
  opened += 1;
  const logged: string[] = [];
  const note = (message: string, fields?: unknown): void => {
    logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const log: Log = { info: note, warn: note, error: note };
  const { machineAheadMs } = options;
  const beside: Beside = {
    ...(machineAheadMs === undefined
      ? { venueClock: venue }
      : { machine: { now: () => Math.floor(venue.now() + machineAheadMs()), speed: 1 } }),
    // Requests need not wait for each other where the exchange does not count them.
    ...(options.venue?.rateLimits === true
      ? {}
      : { pacing: { now: () => venue.now(), speed: 1_000 } }),
  };
  const wiring = await wire(configOf(options, venue, `test-${opened}`), log, beside);
  // No bot polls here: the test speaks to the use cases as the owner does.
  wiring.guard.lead(() => true);
  // Deadlines are counted in pauses, so short pauses make a wait of 15 s a short one.
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20)));
  const ports: Ports = { ...wiring.ports, pause };
  await bootMode(ports, false);
  // In every mode, also where the owner has to say so first.
  await ports.places.save('agreement', { place: 'push', by: 'owner', at: START });
  const queues: Queue[] = [];
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${venue.controlUrl}${path}`)).json();
  const control = async (call: string, body: object): Promise<void> => {
    const response = await fetch(`${venue.controlUrl}/sim/${call}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${call}: ${await response.text()}`);
  };
  return {
    venue,
    wiring,
    ports: { ...ports, ...options.over?.(ports) },
    logged,
    control,
    truth: async () => ((await get('/sim/state')) as { account: Truth }).account,
    served: async () => ((await get('/sim/health')) as { served: number }).served,
    leap: (ms) => control('clock', { advanceMs: ms }),
    jobs: async (name) => {
      const queue = new Queue(name, {
        connection: wiring.connect(),
        prefix: wiring.store.keys.queues,
      });
      queues.push(queue);
      return queue.getJobs(['waiting', 'delayed', 'prioritized']);
    },
    alerts: async () => (await wiring.store.outbox.recent(1_000)).toReversed(),
    close: async () => {
      for (const each of queues) await each.close();
      await wiring.close();
      await venue.stop();
    },
  };
}

function configOf(options: VigilOptions, venue: Venue, account: string): RunConfig {
  return {
    mode: 'demo',
    exchangeUrl: venue.url,
    redisUrl: options.redis.url,
    ...KEY,
    roles: ['worker'],
    account,
    dataDir: 'unused',
    ...(options.machineAheadMs === undefined ? { simControlUrl: venue.controlUrl } : {}),
    logLevel: 'silent',
    ...options.config,
  };
}
