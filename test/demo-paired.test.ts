/** A demo that nobody is paired with: its market waits once there is something to tell, which is one signal. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { expire, reject } from '../src/app/approval/decide-proposal.ts';
import { reconcile } from '../src/app/approval/reconcile.ts';
import { waitsForAnswer, waitsForOwner } from '../src/app/scan/waits-for-owner.ts';
import { createScanner } from '../src/app/scan/scan-market.ts';
import { refreshAccount } from '../src/app/account/refresh-account.ts';
import { parseDemoArguments } from '../src/demo/arguments.ts';
import { marketOf } from '../src/demo/demo.ts';
import { untilPaired } from '../src/demo/until-paired.ts';
import { propose } from './app/signals.ts';
import { MINUTE } from '../src/domain/time.ts';
import { openVigil, type Vigil } from './app/vigil.ts';
import { eventually, openRedis, type RealRedis } from './store/real-redis.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

it('stands still while a signal waits, however long, and goes on once somebody is paired', async () => {
  vigil = await openVigil({ redis, venue: { speed: 60 } });
  const { ports, venue, wiring } = vigil;
  const { owners } = wiring.store;
  const about = { controlUrl: venue.controlUrl, speed: 60, over: () => false };
  expect(await waitsForOwner(wiring.store)).toBe(false);
  const paired = untilPaired(wiring.store, about);
  expect(venue.speed).toBe(60);
  const waiting = await propose(ports);
  expect(await waitsForOwner(wiring.store)).toBe(true);
  await eventually('the market stands still', () => venue.speed === 0 || undefined);
  // The job of its deadline was made at the pace before.
  await expire(ports, waiting.id);
  await reconcile(ports);
  expect((await ports.proposals.byId(waiting.id))?.status).toBe('pending');
  expect(await owners.pair(1001, await owners.newCode())).toBe('paired');
  await paired;
  expect(await waitsForOwner(wiring.store)).toBe(false);
  expect(venue.speed).toBe(60);
});

it('has one signal for a newcomer in what its first sweep reads, and no three at once', async () => {
  const args = parseDemoArguments([]);
  const { speed } = args;
  vigil = await openVigil({ redis, venue: { market: marketOf(args), speed } });
  const { ports } = vigil;
  await refreshAccount(ports);
  const scanner = createScanner(ports);
  const { signals } = await scanner.signal(await scanner.fetch());
  const entries = await scanner.risk(signals);
  expect(entries.filter(({ fate }) => fate === 'proposed').map(({ fate }) => fate)).toEqual([
    'proposed',
  ]);
});

it('has no second card while the first can be answered, and goes on when it is or has lapsed', async () => {
  vigil = await openVigil({ redis });
  const { ports, wiring } = vigil;
  const { proposals } = wiring.store;
  const isWaiting = (later = 0): Promise<boolean> =>
    waitsForAnswer(proposals, { now: ports.clock.now() + later, speed: 1 });
  expect(await isWaiting()).toBe(false);
  const { nonce, deadline } = await propose(ports);
  expect(await isWaiting()).toBe(true);
  // Two minutes are enough, else the sweep would be told as late.
  expect(await isWaiting(2 * MINUTE)).toBe(false);
  // Its job may be late; the clock is not.
  expect(await isWaiting(deadline - ports.clock.now() + 1)).toBe(false);
  await reject(ports, { nonce, by: 1001 });
  expect(await isWaiting()).toBe(false);
});
