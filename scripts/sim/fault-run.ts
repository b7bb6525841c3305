/** One seeded run: a signal is approved and carried out while the network, the exchange and Vigil itself fail by chance. */
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { flatten } from '../../src/app/halt/flatten.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { messageOf } from '../../src/app/reading/reading.ts';
import { placeSuggestedStop, suggestStop } from '../../src/app/account/suggest-stop.ts';
import { SECOND } from '../../src/domain/time.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import type { Fault } from '../../src/simulator/venue/fault-kinds.ts';
import { seededRandom } from '../../src/simulator/venue/random.ts';
import { approved } from '../../test/app/signals.ts';
import { inPlace, pollUntilSeen, restingOrder, truthOf, type Rig } from './rig.ts';
import { begin, beginLife, type Control, type Life, type Place } from './life.ts';
import { brokenPromises } from './promises.ts';

const SYMBOL = 'ETHUSDT';
const FAULT_RATE = 0.006;
/** How often one kind of request meets a fault for sure, besides those by chance. */
const AIMED_RATE = 0.7;
const RESTARTS = 40;

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
  'long-call',
];
/** Faults of what the exchange shows, does, and tells by stream. */
const OF_THE_VENUE: readonly Fault[] = [
  'order-not-found',
  'hidden-order',
  'stale-tpsl',
  'empty-list',
  'lagging-list',
  'wallet-step',
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

/** Carries out the run of that seed. */
export async function runWithFaults(seed: number, rig: Rig): Promise<RunReport> {
  const random = seededRandom(seed);
  return inPlace(rig, { seed, account: `sim-${seed}` }, (place) => lives(place, random));
}

async function lives(place: Place, random: () => number): Promise<RunReport> {
  const { venue, control, store } = place;
  let life = beginLife(place, random);
  try {
    await begin(life.ports);
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
    'long-call': late / 5,
    'lagging-list': 2_000,
    // Money that comes may raise no size, money that goes is asked about.
    'wallet-step': late < 50_000 ? 250 : -250,
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
  await pollUntilSeen(ports);
}

/** The reason of a run that could not be carried out at all. */
export const failedRun = (error: unknown): RunReport => ({
  broken: [`the run ended early: ${messageOf(error)}`],
  status: 'pending',
  restarts: 0,
});
