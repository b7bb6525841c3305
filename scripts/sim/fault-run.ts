/** One seeded run: a signal is approved and carried out while the network, the exchange and Vigil itself fail by chance. */
import { setTimeout as delay } from 'node:timers/promises';
import { bootMode } from '../../src/app/boot-mode.ts';
import { executeProposal } from '../../src/app/execute-proposal.ts';
import { flatten } from '../../src/app/flatten.ts';
import { limitsAtSpeed } from '../../src/app/limits-at-speed.ts';
import type { Clock, Log, Ports } from '../../src/app/ports.ts';
import { reasonOf } from '../../src/app/reading.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { createBitunix } from '../../src/exchange/bitunix.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import { seededRandom } from '../../src/simulator/venue/random.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import type { Store } from '../../src/store/store.ts';
import { approved } from '../../test/app/signals.ts';
import { brokenPromises, type Truth } from './promises.ts';

const KEY = { apiKey: 'simKey', secretKey: 'simSecret' };
/** A Monday at noon: no trading hours are in the way. */
const START = Date.UTC(2025, 9, 6, 12, 20);
/** Venue milliseconds a millisecond, for the client's own pauses; whatever the application waits for is leapt over. */
const SPEED = 300;
const DEADLINE_MS = 300;
const SLOW_MS = 350;
const LANDED_MS = SLOW_MS + 50;
const FAULT_RATE = 0.015;
/** How often the order itself meets a fault, besides those by chance. */
const AIMED_RATE = 0.6;
const CRASH_RATE = 0.06;
const RESTARTS = 40;
const FAULTS = [
  'lost-reply',
  'network-error',
  'rate-limited',
  'bad-sign',
  'html-403',
  'order-not-found',
  'slow',
  'doubled-request',
  'partial-then-cancel',
  'no-liq-price',
];

export interface RunReport {
  /** What is not as promised; empty when all is well. */
  readonly broken: readonly string[];
  readonly status: Proposal['status'];
  readonly restarts: number;
}

/** Everything that the runs of a process share. */
export interface Ground {
  readonly base: Ports;
  readonly storeOf: (account: string) => Store;
  readonly forget: (account: string) => Promise<void>;
}

/** Lets the order itself, or the look for it, meet a fault. */
async function aim(
  control: (call: string, body: object) => Promise<void>,
  random: () => number,
): Promise<void> {
  const fault = FAULTS[Math.floor(random() * FAULTS.length)];
  const count = 1 + Math.floor(random() * 3);
  const path = random() < 0.8 ? 'trade/place_order' : 'trade/get_order_detail';
  if (random() < AIMED_RATE)
    await control('fault', { fault, path, count, amount: AMOUNTS[fault ?? ''] });
}

const AMOUNTS: Readonly<Record<string, number>> = { slow: SLOW_MS, 'partial-then-cancel': 0.4 };

/** Carries out the run of that seed. */
export async function runWithFaults(seed: number, ground: Ground): Promise<RunReport> {
  const random = seededRandom(seed);
  const venue = await startVenue({
    market: { kind: 'generated', seed, symbols: 3, from: START },
    speed: SPEED,
    accounts: [{ ...KEY, balance: '10000' }],
    rateLimits: false,
    quirks: { receiveWindowMs: 10 * MINUTE * SPEED },
    pushMs: 60_000,
  });
  const control = controlOf(venue);
  const account = `sim-${seed}`;
  const place = { venue, control, ground, store: ground.storeOf(account), seed };
  let vigil = begin(place);
  try {
    await bootMode(vigil.ports, false);
    const { id } = await approved(vigil.ports, { symbol: 'ETHUSDT' });
    await control('fault', {
      fault: 'by-chance',
      seed,
      rate: FAULT_RATE,
      kinds: FAULTS,
      amounts: { slow: SLOW_MS },
    });
    await aim(control, random);
    const closes = random() < 0.3;
    let restarts = 0;
    for (const step of closes ? (['enter', 'close'] as const) : (['enter'] as const)) {
      for (;;) {
        const done = await attempt(step, id, { ports: vigil.ports, random });
        if (done || restarts >= RESTARTS) break;
        restarts += 1;
        await vigil.close();
        vigil = begin(place);
      }
    }
    await control('fault', { fault: 'clear' });
    const left = (await vigil.ports.proposals.byId(id))?.status;
    if (left !== 'done' && left !== 'refused') await settleAll(vigil.ports, id);
    const proposal = await vigil.ports.proposals.byId(id);
    if (proposal === undefined)
      return { broken: ['the proposal is gone'], status: 'pending', restarts };
    const alerts = await place.store.outbox.recent(1_000);
    const broken = brokenPromises({ proposal, truth: await truthOf(venue), alerts, closes });
    return { broken, status: proposal.status, restarts };
  } finally {
    await vigil.close();
    await venue.stop();
    await ground.forget(account);
  }
}

/** True when it came to an end by itself; a process that died is started again, as a queue does with its job. */
async function attempt(
  step: 'enter' | 'close',
  id: string,
  life: { readonly ports: Ports; readonly random: () => number },
): Promise<boolean> {
  let die = (): void => undefined;
  const death = new Promise<boolean>((resolve) => {
    die = () => resolve(false);
  });
  const ports = mortal(life.ports, { random: life.random, die });
  const at = ports.clock.now();
  const request = { id: 'sim', by: 1, closePositions: true, at } as const;
  const work = step === 'enter' ? executeProposal(ports, id) : flatten(ports, request);
  return Promise.race([death, work.then(() => true)]);
}

/**
 * What the reconciler does with what is left, on an exchange that is well again. Requests under way are slow in real time while
 * the application waits in leaps: they land before the two minutes in which an order may.
 */
async function settleAll(ports: Ports, id: string): Promise<void> {
  await delay(LANDED_MS);
  for (let round = 0; round < 12; round += 1) {
    const status = (await ports.proposals.byId(id))?.status ?? 'done';
    if (!['approved', 'executing', 'unknown'].includes(status)) return;
    await executeProposal(ports, id);
    await ports.pause(30 * SECOND);
  }
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function begin(place: {
  readonly venue: Venue;
  readonly control: (call: string, body: object) => Promise<void>;
  readonly ground: Ground;
  readonly store: Store;
  readonly seed: number;
}): { readonly ports: Ports; close(): Promise<void> } {
  const { venue, control, ground, store } = place;
  const random = seededRandom(place.seed + 1_000_003);
  const bitunix = createBitunix({
    url: venue.url,
    ...KEY,
    clock: { now: () => venue.now(), speed: SPEED },
    log: silent,
    trading: true,
    random,
    deadlineMs: DEADLINE_MS,
  });
  const { account, trading } = bitunix;
  if (account === undefined || trading === undefined) throw new Error('the client has no keys');
  // The application waits in leaps, so its own clock runs at the pace of the venue.
  const clock: Clock = { now: () => venue.now(), speed: 1 };
  const nothing = (): Promise<void> => Promise.resolve();
  const { mode, accounts, proposals, scans, candles, outbox } = store;
  const ports: Ports = {
    ...ground.base,
    clock,
    startedAt: clock.now(),
    log: silent,
    market: bitunix.market,
    account,
    trading,
    mode,
    accounts,
    proposals,
    scans,
    candles,
    outbox,
    limits: limitsAtSpeed(DEFAULT_LIMITS, 100 * SPEED),
    work: {
      ...ground.base.work,
      execute: nothing,
      expire: nothing,
      flatten: nothing,
      refreshAccount: nothing,
    },
    pause: async (ms) => {
      await control('clock', { advanceMs: ms });
      await delay(0);
    },
  };
  return { ports, close: () => bitunix.close() };
}

/** The same ports in a process that may die before or after each write: then it never hears of it and does nothing more. */
function mortal(
  ports: Ports,
  fate: { readonly random: () => number; readonly die: () => void },
): Ports {
  const survives = async (): Promise<void> => {
    if (fate.random() >= CRASH_RATE) return;
    fate.die();
    await new Promise<never>(() => undefined);
  };
  const risky =
    <T extends readonly unknown[], R>(act: (...args: T) => Promise<R>) =>
    async (...args: T): Promise<R> => {
      await survives();
      const result = await act(...args);
      await survives();
      return result;
    };
  const { trading, proposals } = ports;
  if (trading === undefined) return ports;
  return {
    ...ports,
    proposals: { ...proposals, apply: risky(proposals.apply) },
    trading: {
      setLeverage: risky(trading.setLeverage),
      placeEntry: risky(trading.placeEntry),
      placeProtection: risky(trading.placeProtection),
      cancelOrders: risky(trading.cancelOrders),
      closePosition: risky(trading.closePosition),
      cancelProtection: risky(trading.cancelProtection),
    },
  };
}

const controlOf =
  ({ controlUrl }: Venue) =>
  async (call: string, body: object): Promise<void> => {
    const answer = await fetch(`${controlUrl}/sim/${call}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${call}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };

async function truthOf({ controlUrl }: Venue): Promise<Truth> {
  const answer = await fetch(`${controlUrl}/sim/state`);
  return ((await answer.json()) as { account: Truth }).account;
}

/** The reason of a run that could not be carried out at all. */
export const failedRun = (error: unknown): RunReport => ({
  broken: [`the run ended early: ${reasonOf(error)}`],
  status: 'pending',
  restarts: 0,
});
