/** What seeded runs share, a real Redis among it, and the exchange of each run with what a run asks of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { SECOND } from '../../src/domain/time.ts';
import { signedHeaders } from '../../src/exchange/bitunix/rest/sign.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import { startRedis } from '../../src/process/redis/server.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { wire } from '../../src/process/wiring.ts';
import { KEY, type Control, type Place } from './life.ts';
import type { Truth } from './promises.ts';

/** A Monday at noon: no trading hours are in the way. */
const START = Date.UTC(2025, 9, 6, 12, 20);
const RESTING_SYMBOL = 'BTCUSDT';
/** Polls after the last fault, some venue seconds apart: the longest pause of the client lasts five minutes. */
const MOST_POLLS = 30;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Rig {
  readonly base: Ports;
  readonly storeOf: (account: string) => Store;
  readonly forget: (account: string) => Promise<void>;
  close(): Promise<void>;
}

export async function openRig(): Promise<Rig> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-sim-'));
  const redis = await startRedis({ dir, persist: false, cacheDir: '.cache', log: quiet });
  const wiring = await wire(
    {
      mode: 'demo',
      exchangeUrl: 'http://127.0.0.1:9',
      redisUrl: redis.url,
      roles: [],
      account: 'sim',
      dataDir: dir,
      logLevel: 'silent',
    },
    quiet,
  );
  // No bot polls here: whoever runs the rig halts and resumes by the use cases.
  wiring.guard.lead(() => true);
  return {
    base: wiring.ports,
    storeOf: (account) => createStore(wiring.redis, account),
    forget: async (account) => {
      const keys = await wiring.redis.keys(`*${account}:*`);
      if (keys.length > 0) await wiring.redis.del(keys);
    },
    close: async () => {
      await wiring.close();
      await redis.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** An exchange and a memory of a run's own, gone when the work is done. */
export async function inPlace<T>(
  rig: Rig,
  { seed, account }: { readonly seed: number; readonly account: string },
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const venue = await startVenue({
    market: { kind: 'generated', seed, symbols: 3, from: START },
    // It stands still but for the leaps of whoever waits: no run depends on how busy the machine is.
    speed: 0,
    accounts: [{ ...KEY, balance: '10000' }],
    rateLimits: false,
    pushMs: 60_000,
  });
  const store = rig.storeOf(account);
  try {
    return await work({ venue, control: controlOf(venue), base: rig.base, store, seed });
  } finally {
    await venue.stop();
    await rig.forget(account);
  }
}

/** On an exchange that is well again: what was under way lands, and the polls go on until two have seen it. */
export async function pollUntilSeen(ports: Ports): Promise<void> {
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
export async function restingOrder(venue: Venue): Promise<void> {
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

export async function truthOf({ controlUrl }: Venue): Promise<Truth> {
  const answer = await fetch(`${controlUrl}/sim/state`);
  return ((await answer.json()) as { account: Truth }).account;
}
