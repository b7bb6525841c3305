/** One seeded run: a signal is approved and carried out while the network, the exchange and Vigil itself fail by chance. */
import { bootMode } from '../../src/app/boot-mode.ts';
import { executeProposal } from '../../src/app/execute-proposal.ts';
import { flatten } from '../../src/app/flatten.ts';
import type { Ports } from '../../src/app/ports.ts';
import { reasonOf } from '../../src/app/reading.ts';
import { refreshAccount } from '../../src/app/refresh-account.ts';
import { placeSuggestedStop, suggestStop } from '../../src/app/suggest-stop.ts';
import { SECOND } from '../../src/domain/time.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { signedHeaders } from '../../src/exchange/sign.ts';
import type { Fault } from '../../src/simulator/venue/fault-kinds.ts';
import { seededRandom } from '../../src/simulator/venue/random.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import type { Store } from '../../src/store/store.ts';
import { approved } from '../../test/app/signals.ts';
import { beginLife, KEY, type Control, type Life, type Place } from './life.ts';
import { brokenPromises, type Truth } from './promises.ts';

/** A Monday at noon: no trading hours are in the way. */
const START = Date.UTC(2025, 9, 6, 12, 20);
const SYMBOL = 'ETHUSDT';
const RESTING_SYMBOL = 'BTCUSDT';
const FAULT_RATE = 0.006;
/** How often one kind of request meets a fault for sure, besides those by chance. */
const AIMED_RATE = 0.7;
const RESTARTS = 40;
/** Polls after the last fault, some venue seconds apart: the longest pause of the client lasts five minutes. */
const MOST_POLLS = 30;

/** Faults that a request may meet. */
const OF_REQUESTS: readonly Fault[] = [
  'lost-request',
  'late-request',
  'lost-reply',
  'doubled-request',
  'network-error',
  'rate-limited',
  'bad-sign',
  'html-403',
  'slow',
];
/** Faults of what the exchange shows, does, and tells by stream. */
const OF_THE_VENUE: readonly Fault[] = [
  'order-not-found',
  'hidden-order',
  'stale-tpsl',
  'negative-available',
  'no-liq-price',
  'clock-skew',
  'partial-then-cancel',
  'order-system-cancel',
  'tpsl-system-cancel',
  'delist',
  'missed-event',
  'doubled-event',
  'reordered-event',
  'silent-sockets',
  'drop-sockets',
];
const AIMS = [
  'trade/place_order',
  'trade/get_order_detail',
  'account/change_leverage',
  'tpsl/position',
  'trade/flash_close_position',
  'trade/cancel_orders',
];

type Step = 'enter' | 'protect' | 'cancel' | 'close';

export interface RunReport {
  /** What is not as promised; empty when all is well. */
  readonly broken: readonly string[];
  readonly status: Proposal['status'] | 'not begun';
  readonly restarts: number;
}

/** Everything that the runs of a process share. */
export interface Ground {
  readonly base: Ports;
  readonly storeOf: (account: string) => Store;
  readonly forget: (account: string) => Promise<void>;
}

/** Carries out the run of that seed. */
export async function runWithFaults(seed: number, ground: Ground): Promise<RunReport> {
  const random = seededRandom(seed);
  const venue = await startVenue({
    market: { kind: 'generated', seed, symbols: 3, from: START },
    // It stands still but for the leaps of whoever waits: no run depends on how busy the machine is.
    speed: 0,
    accounts: [{ ...KEY, balance: '10000' }],
    rateLimits: false,
    pushMs: 60_000,
  });
  const account = `sim-${seed}`;
  const store = ground.storeOf(account);
  const place = { venue, control: controlOf(venue), base: ground.base, store, seed };
  try {
    return await lives(place, random);
  } finally {
    await venue.stop();
    await ground.forget(account);
  }
}

async function lives(place: Place, random: () => number): Promise<RunReport> {
  const { venue, control, store } = place;
  let life = beginLife(place, random);
  try {
    await bootMode(life.ports, false);
    const begun = await approved(life.ports, { symbol: SYMBOL }).catch(() => undefined);
    // Some markets are too wild for any entry.
    if (begun === undefined) return { broken: [], status: 'not begun', restarts: 0 };
    const { id } = begun;
    const steps = stepsOf(random);
    if (steps.includes('cancel')) await restingOrder(venue);
    await control('fault', chanceOf(place.seed, random));
    await aim(control, random);
    let restarts = 0;
    let wasUnknown = false;
    for (const step of steps) {
      while (!(await attempt(step, id, life)) && restarts < RESTARTS) {
        restarts += 1;
        await life.close();
        life = beginLife(place, random);
      }
      wasUnknown ||= (await store.proposals.byId(id))?.status === 'unknown';
    }
    await control('fault', { fault: 'clear' });
    await settleAll(life.ports, id);
    const proposal = await store.proposals.byId(id);
    if (proposal === undefined)
      return { broken: ['the proposal is gone'], status: 'pending', restarts };
    const alerts = await store.outbox.recent(1_000);
    const watched = await store.accounts.snapshot();
    const truth = await truthOf(venue);
    const broken = brokenPromises({ proposal, truth, watched, alerts, steps, wasUnknown });
    return { broken, status: proposal.status, restarts };
  } finally {
    await life.close();
  }
}

/** The entry, and by chance a stop to place again, orders to cancel, everything to close. */
function stepsOf(random: () => number): readonly Step[] {
  const steps: Step[] = ['enter'];
  if (random() < 0.2) steps.push('protect');
  if (random() < 0.2) steps.push('cancel');
  if (random() < 0.35) steps.push('close');
  return steps;
}

const chanceOf = (seed: number, random: () => number): object => ({
  fault: 'by-chance',
  seed,
  rate: FAULT_RATE,
  // A web page stops every request for half a minute: where it is not aimed at one it would end most runs before they begin.
  kinds: [...OF_REQUESTS, ...OF_THE_VENUE].filter((each) => each !== 'html-403'),
  amounts: amountsOf(random),
});

/** A late request lands soon, in the middle of the search for it, just inside and beyond the age at which its signature is refused. */
function amountsOf(random: () => number): Partial<Record<Fault, number>> {
  const late = [1_000, 20_000, 55_000, 90_000][Math.floor(random() * 4)] ?? 0;
  return {
    'late-request': late,
    slow: 5,
    'negative-available': 20,
    'partial-then-cancel': 0.4,
    'clock-skew': 90_000,
  };
}

/** Lets one kind of request meet a fault for sure. */
async function aim(control: Control, random: () => number): Promise<void> {
  const fault = OF_REQUESTS[Math.floor(random() * OF_REQUESTS.length)] ?? 'lost-reply';
  const count = 1 + Math.floor(random() * 3);
  const path = AIMS[Math.floor(random() * 2 * AIMS.length)] ?? 'trade/place_order';
  const amount = amountsOf(random)[fault];
  if (random() < AIMED_RATE) await control('fault', { fault, path, count, amount });
}

/** True when it came to an end by itself; a process that died is started again, as a queue does with its job. */
async function attempt(step: Step, id: string, life: Life): Promise<boolean> {
  return Promise.race([life.death.then(() => false), carryOut(step, id, life.mortal)]);
}

async function carryOut(step: Step, id: string, ports: Ports): Promise<boolean> {
  const request = { id: `sim-${step}`, by: 1, at: ports.clock.now() } as const;
  switch (step) {
    case 'enter':
      await executeProposal(ports, id);
      return true;
    case 'cancel':
      await flatten(ports, { ...request, closePositions: false });
      return true;
    case 'close':
      // The queue runs it again as long as something is left, up to a point.
      for (let tries = 0; tries < 3; tries += 1)
        if ((await flatten(ports, { ...request, closePositions: true })) === 'done') break;
      return true;
    case 'protect':
      await protect(ports);
      return true;
  }
}

/** What the owner does whom an alert tells that a position has no stop: one tap. */
async function protect(ports: Ports): Promise<void> {
  const positions = await ports.account.positions().catch(() => []);
  for (const { id: positionId, symbol } of positions) {
    const found = await suggestStop(ports, positionId);
    if (found.kind === 'none') continue;
    const { stop, target } = found;
    const levels = { stop, ...(target === undefined ? {} : { target }) };
    await placeSuggestedStop(ports, { id: 'sim', positionId, symbol, by: 1, ...levels });
  }
}

/** What the reconciler and the account reads do with what is left, on an exchange that is well again. */
async function settleAll(ports: Ports, id: string): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    const status = (await ports.proposals.byId(id))?.status ?? 'done';
    if (!['approved', 'executing', 'unknown'].includes(status)) break;
    await executeProposal(ports, id);
    await ports.pause(8 * SECOND);
  }
  // Whatever was under way has landed by then, and the polls go on until two have seen it: a pause of the client is longer than one.
  await ports.pause(30 * SECOND);
  const wellSince = ports.clock.now();
  for (let seen = 0, polls = 0; seen < 2 && polls < MOST_POLLS; polls += 1) {
    // A hint may have another read begin at the same time: then one of them counts.
    await refreshAccount(ports).catch(() => undefined);
    if (((await ports.accounts.snapshot())?.at ?? 0) > wellSince) seen += 1;
    await ports.pause(3 * SECOND);
  }
}

/** A limit order far below the market, as another program of the owner might have placed it. */
async function restingOrder(venue: Venue): Promise<void> {
  const tickers = await fetch(
    `${venue.url}/api/v1/futures/market/tickers?symbols=${RESTING_SYMBOL}`,
  );
  const { data } = (await tickers.json()) as { data: readonly { lastPrice: string }[] };
  const last = Number(data[0]?.lastPrice);
  const body = JSON.stringify({
    symbol: RESTING_SYMBOL,
    qty: '0.001',
    side: 'BUY',
    tradeSide: 'OPEN',
    orderType: 'LIMIT',
    price: String(Math.floor(last * 0.97)),
    slPrice: String(Math.floor(last * 0.96)),
  });
  const headers = signedHeaders(KEY, { timestampMs: venue.now(), body });
  const url = `${venue.url}/api/v1/futures/trade/place_order`;
  const answer = await fetch(url, { method: 'POST', headers: { ...headers }, body });
  const { code, msg } = (await answer.json()) as { code: number; msg: string };
  if (code !== 0) throw new Error(`the resting order: ${msg}`);
}

const controlOf =
  ({ controlUrl }: Venue): Control =>
  async (call, body) => {
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
