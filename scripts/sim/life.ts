/** One life of Vigil's process in a seeded run: the use cases over a client of its own, until it dies. */
import { setTimeout as delay } from 'node:timers/promises';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import { limitsAtSpeed } from '../../src/app/limits/limits-at-speed.ts';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { Log } from '../../src/app/ports/log.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { createBitunix, type Bitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { seededRandom } from '../../src/simulator/venue/random.ts';
import type { Venue } from '../../src/simulator/venue/venue.ts';
import type { Store } from '../../src/store/store.ts';

export const KEY = { apiKey: 'simKey', secretKey: 'simSecret' };
/** Venue milliseconds a real one, in the client's own pauses and in how fast the leaps follow each other. */
const SPEED = 3_000;
/** Real milliseconds: never reached, so that how busy the machine is decides nothing. Requests are lost by fault instead. */
const DEADLINE_MS = 20_000;
/** Each pause between two looks is so much longer: one look a second where four would show the same. */
const STRIDE = 4;
const CRASH_RATE = 0.06;

export type Control = (call: string, body: object) => Promise<void>;

/** Where the lives of one run take place. */
export interface Place {
  readonly venue: Venue;
  readonly control: Control;
  readonly base: Ports;
  readonly store: Store;
  readonly seed: number;
}

export interface Life {
  /** Immortal: what a test asks. */
  readonly ports: Ports;
  /** The same in a process that may die at each write. */
  readonly mortal: Ports;
  /** Resolves when it has died. */
  readonly death: Promise<void>;
  close(): Promise<void>;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Starts a process: its client, its private stream and the account reads that the stream asks for. */
export function beginLife(place: Place, random: () => number): Life {
  const bitunix = createBitunix({
    url: place.venue.url,
    ...KEY,
    clock: { now: () => place.venue.now(), speed: SPEED },
    log: silent,
    trading: true,
    random: seededRandom(place.seed + 1_000_003),
    deadlineMs: DEADLINE_MS,
  });
  const ports = portsOf(place, bitunix);
  const fate = fateOf(random);
  const mortal = perishable(ports, fate);
  const stopFollowing = follow(bitunix, mortal);
  return {
    ports,
    mortal,
    death: fate.death,
    close: async () => {
      fate.die();
      await stopFollowing();
      await bitunix.close();
    },
  };
}

function portsOf({ venue, control, base, store }: Place, bitunix: Bitunix): Ports {
  const { account, trading } = bitunix;
  if (account === undefined || trading === undefined) throw new Error('the client has no keys');
  // The application's waits are leaps of a clock that stands still otherwise, so its own clock runs at the pace of the venue.
  const clock: Clock = { now: () => venue.now(), speed: 1 };
  const nothing = (): Promise<void> => Promise.resolve();
  const { mode, accounts, actions, proposals, scans, candles, outbox } = store;
  return {
    ...base,
    mode,
    accounts,
    actions,
    proposals,
    scans,
    candles,
    outbox,
    clock,
    startedAt: clock.now(),
    log: silent,
    market: bitunix.market,
    account,
    trading,
    limits: () => limitsAtSpeed(DEFAULT_LIMITS, 100 * SPEED),
    work: {
      execute: nothing,
      expire: nothing,
      flatten: nothing,
      protect: nothing,
      manage: nothing,
      refreshAccount: nothing,
    },
    pause: async (ms) => {
      await control('clock', { advanceMs: ms * STRIDE });
      // The client's own pauses go on meanwhile, at the same pace.
      await delay((ms * STRIDE) / SPEED);
    },
  };
}

/** As the stream role does: each hint asks for an account read, and hints that come meanwhile for one more. */
function follow(bitunix: Bitunix, ports: Ports): () => Promise<void> {
  const stream = bitunix.openAccountStream?.();
  if (stream === undefined) throw new Error('the client has no stream');
  let asked = false;
  let reading = false;
  const read = async (): Promise<void> => {
    reading = true;
    while (asked) {
      asked = false;
      // A read that loses against another one is made again at the next hint.
      await refreshAccount(ports).catch(() => undefined);
    }
    reading = false;
  };
  stream.onHint(() => {
    asked = true;
    if (!reading) void read();
  });
  return () => stream.close();
}

interface Fate {
  readonly death: Promise<void>;
  readonly die: () => void;
  /** Resolves when the process lives on; never when it is dead. */
  readonly survives: () => Promise<void>;
  readonly alive: () => Promise<void>;
}

function fateOf(random: () => number): Fate {
  let dead = false;
  let tell = (): void => undefined;
  const death = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const die = (): void => {
    dead = true;
    tell();
  };
  const alive = async (): Promise<void> => {
    if (dead) await new Promise<never>(() => undefined);
  };
  const survives = async (): Promise<void> => {
    await alive();
    if (random() >= CRASH_RATE) return;
    die();
    await alive();
  };
  return { death, die, survives, alive };
}

/** The process may die before or after each write of an order or a proposal; dead, it neither writes nor hears anything more. */
function perishable(ports: Ports, fate: Fate): Ports {
  const risky =
    <T extends readonly unknown[], R>(act: (...args: T) => Promise<R>) =>
    async (...args: T): Promise<R> => {
      await fate.survives();
      const result = await act(...args);
      await fate.survives();
      return result;
    };
  const lasting =
    <T extends readonly unknown[], R>(act: (...args: T) => Promise<R>) =>
    async (...args: T): Promise<R> => {
      await fate.alive();
      return act(...args);
    };
  const { trading, proposals, accounts, outbox, mode } = ports;
  if (trading === undefined) return ports;
  return {
    ...ports,
    proposals: { ...proposals, apply: risky(proposals.apply) },
    accounts: {
      ...accounts,
      commit: lasting(accounts.commit),
      recordFailedRead: lasting(accounts.recordFailedRead),
    },
    outbox: { ...outbox, raise: lasting(outbox.raise), revise: lasting(outbox.revise) },
    mode: { ...mode, apply: lasting(mode.apply) },
    pause: lasting(ports.pause),
    trading: {
      setLeverage: risky(trading.setLeverage),
      placeEntry: risky(trading.placeEntry),
      placeProtection: risky(trading.placeProtection),
      placePartial: risky(trading.placePartial),
      cancelOrders: risky(trading.cancelOrders),
      closePosition: risky(trading.closePosition),
      cancelProtection: risky(trading.cancelProtection),
      reducePosition: risky(trading.reducePosition),
    },
  };
}

/** Boots a fresh memory, as the first start of Vigil does, and lets the signals that a run makes be pushed. */
export async function begin(ports: Ports): Promise<void> {
  await bootMode(ports, false);
  await ports.places.save('agreement', { place: 'push', by: 'owner', at: ports.clock.now() });
}
