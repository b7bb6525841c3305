import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import { approve, offerApproval } from '../../src/app/approval/decide-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { judgeAndPropose } from '../../src/app/approval/propose.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import { priceFromNumber, toNumber } from '../../src/domain/money/money.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { startWorkers } from '../../src/jobs/queues/workers.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import { startRedis } from '../../src/process/redis/server.ts';
import { wire, type Wiring } from '../../src/process/wiring.ts';
import type { Figure } from './figure.ts';
import { milliseconds, quantile } from './quantile.ts';

const ORDERS = 120;
/** The first ones meet cold code and are not counted. */
const WARM_UP = 20;
const KEY = { apiKey: 'benchKey', secretKey: 'benchSecret' };
const SYMBOL = 'ETHUSDT';
const ENDS_WITHIN_MS = 30_000;
/** The client's pacing counts in venue time, so that little of it is left at this speed; what is left counts as Vigil's own. */
const SPEED = 300;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Measured {
  readonly total: number;
  /** At least one request to the exchange was under way. */
  readonly wire: number;
  /** From Confirm to the first question to the exchange: store and queue. */
  readonly queue: number;
}

/**
 * From Confirm to the moment at which the order is handed to the client: the approval stored, its job through the queue, the
 * verdict, leverage, the last look. Everything is real but the exchange, a simulator that answers at once.
 */
export async function confirmBench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-'));
  const redis = await startRedis({ dir: folder, persist: true, cacheDir: '.cache', log: silent });
  const venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: 12, from: Date.UTC(2025, 9, 6, 12, 20) },
    speed: SPEED,
    accounts: [{ ...KEY, balance: '10000' }],
    quirks: { receiveWindowMs: 600_000 },
  });
  const wiring = await wire(
    {
      mode: 'demo',
      exchangeUrl: venue.url,
      redisUrl: redis.url,
      ...KEY,
      roles: ['worker'],
      account: 'bench',
      dataDir: 'unused',
      simControlUrl: venue.controlUrl,
      logLevel: 'silent',
    },
    silent,
  );
  try {
    return figures(await measure(wiring, venue));
  } finally {
    await wiring.close();
    await venue.stop();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(wiring: Wiring, venue: Venue): Promise<readonly Measured[]> {
  let ordered = (_at: number): void => undefined;
  const ports = withoutOrders(wiring.ports, () => ordered(performance.now()));
  await bootMode(ports, false);
  await ports.places.save('agreement', { place: 'push', by: 'owner', at: ports.clock.now() });
  await refreshAccount(ports);
  const workers = startWorkers({
    connection: wiring.connect(),
    prefix: wiring.store.keys.queues,
    context: {
      ports,
      scanner: createScanner(ports),
      startScan: wiring.queues.startScan,
    },
    log: silent,
  });
  const wireTime = watchWire(new URL(venue.url).port);
  const found: Measured[] = [];
  try {
    for (let n = 0; n < ORDERS; n += 1) {
      const card = await aCard(ports, `bench-${n}`);
      const sent = new Promise<number>((resolve) => (ordered = resolve));
      wireTime.reset();
      const start = performance.now();
      await approve(ports, { ...card, by: 1 });
      const at = await Promise.race([sent, ended(ports, `bench-${n}`)]);
      const { busy, first } = wireTime.read();
      // Refused before its order: the price of the generated market had left the band.
      if (at === undefined) continue;
      if (n >= WARM_UP) found.push({ total: at - start, wire: busy, queue: first - start });
      await ended(ports, `bench-${n}`);
    }
  } finally {
    wireTime.stop();
    await workers.close();
  }
  return found;
}

/** The order is measured and refused, so that the account stays as it is. */
function withoutOrders(ports: Ports, onOrder: () => void): Ports {
  const { trading } = ports;
  if (trading === undefined) throw new Error('nothing can trade');
  return {
    ...ports,
    permission: { refusal: async () => undefined },
    trading: {
      ...trading,
      placeEntry: async () => {
        onOrder();
        return { kind: 'rejected', code: 'bench', reason: 'it is only measured' };
      },
    },
  };
}

/** A signal at the price of now with its card shown. */
async function aCard(ports: Ports, id: string): Promise<{ nonce: string; card: string }> {
  const [instruments, tickers] = await Promise.all([
    ports.market.instruments(),
    ports.market.tickers(),
  ]);
  const tick = instruments.find(({ symbol }) => symbol === SYMBOL)?.tick;
  const mark = tickers.find(({ symbol }) => symbol === SYMBOL)?.mark;
  if (tick === undefined || mark === undefined) throw new Error(`${SYMBOL} has no price`);
  const level = (share: number) => priceFromNumber(toNumber(mark) * share, tick, 'half-even');
  const signal: Signal = {
    id,
    symbol: SYMBOL,
    side: 'long',
    entry: level(1),
    stop: level(0.98),
    target: level(1.06),
    rewardRisk: 2.8,
    strategy: 'agreement',
    score: 80,
    criteria: [],
    atrFraction: 0.008,
    turnover: 5_000_000,
    category: 'layer 1',
    candleClosedAt: ports.clock.now(),
  };
  const [entry] = await judgeAndPropose(ports, [signal]);
  const proposal = await ports.proposals.byId(id);
  if (proposal === undefined) throw new Error(entry?.refusals.map((each) => each.sentence).join());
  const offer = await offerApproval(ports, proposal.nonce);
  if (offer.kind !== 'ready') throw new Error(`the card is ${offer.kind}`);
  return { nonce: proposal.nonce, card: offer.card };
}

/** Throws where it does not end: a job that fails would leave it approved for ever. */
async function ended(ports: Ports, id: string): Promise<undefined> {
  const last = performance.now() + ENDS_WITHIN_MS;
  while ((await ports.proposals.byId(id))?.status !== 'refused') {
    if (performance.now() > last) throw new Error(`${id} has not ended`);
    await ports.pause(10);
  }
  return undefined;
}

/** For how long at least one request to that port was under way, and when the first began. */
function watchWire(port: string) {
  const open = new Set<unknown>();
  let [busy, since, first] = [0, 0, Number.NaN];
  const begin = (message: unknown): void => {
    const { request } = message as { request: { origin: unknown } };
    if (!String(request.origin).endsWith(`:${port}`)) return;
    const now = performance.now();
    if (Number.isNaN(first)) first = now;
    if (open.size === 0) since = now;
    open.add(request);
  };
  const end = (message: unknown): void => {
    if (!open.delete((message as { request: unknown }).request) || open.size > 0) return;
    busy += performance.now() - since;
  };
  const channels = [
    ['undici:request:create', begin],
    ['undici:request:trailers', end],
    ['undici:request:error', end],
  ] as const;
  for (const [name, listener] of channels) subscribe(name, listener);
  return {
    reset: () => {
      [busy, first] = [0, Number.NaN];
    },
    read: () => ({ busy, first }),
    stop: () => {
      for (const [name, listener] of channels) unsubscribe(name, listener);
    },
  };
}

function figures(found: readonly Measured[]): readonly Figure[] {
  const at = (of: (each: Measured) => number, q: number): string =>
    milliseconds(quantile(found.map(of), q));
  const both = (of: (each: Measured) => number): string =>
    `p50 ${at(of, 0.5)}, p99 ${at(of, 0.99)}`;
  const own = ({ total, wire: exchange }: Measured): number => total - exchange;
  return [
    { what: `Vigil's own time, p99 of ${found.length}`, value: at(own, 0.99), aim: 'under 150 ms' },
    { what: "Vigil's own time, p50", value: at(own, 0.5) },
    { what: 'of it approval, store and queue', value: both((each) => each.queue) },
    {
      what: 'of it verdict, pacing, last look and store',
      value: both((each) => own(each) - each.queue),
    },
    { what: 'beside it requests to the exchange', value: both((each) => each.wire) },
    { what: 'Confirm to order, all of it', value: both((each) => each.total) },
  ];
}
