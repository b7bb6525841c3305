import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PulseName } from '../../src/domain/alert.ts';
import { takePulses, type Pulses } from '../../src/process/pulse/pulses.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { openVigil, type Vigil } from '../app/vigil.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

let redis: RealRedis;
let vigil: Vigil;
let pulses: Pulses;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  vigil = await openVigil({ redis });
  pulses = takePulses(vigil.wiring, { heardAt: () => 42 });
});
afterEach(async () => {
  pulses.stop();
  await vigil.close();
});

const has = (...names: readonly PulseName[]): Promise<true> =>
  eventually(`the pulses of ${names.join(', ')}`, () =>
    names.every((each) => pulses.seen().has(each)) ? true : undefined,
  );

it('are taken of the store, the exchange, the lines of orders and alerts, and the chat', async () => {
  await has('redis', 'exchange', 'orders', 'outbox', 'commands');
  expect(pulses.seen().get('commands')).toBe(42);
  expect(pulses.seen().has('account')).toBe(false);
});

it('are heard of an account that was read, wherever, and of the worker', async () => {
  await eventually('the pulse of the account', async () => {
    await refreshAccount(vigil.ports);
    return pulses.seen().has('account') ? true : undefined;
  });
  await eventually('the pulse of the worker', async () => {
    for (const name of ['worker', 'risk', 'scan', 'prices', 'schedules'] as const) {
      await vigil.wiring.store.pulses.beat(name);
    }
    return pulses.seen().has('prices') ? true : undefined;
  });
  await has('worker', 'risk', 'scan', 'prices', 'schedules');
});

it('stop while the store takes no write, though it answers', async () => {
  await has('redis');
  const connection = redis.connect();
  const last = () => pulses.seen().get('redis') ?? 0;
  await connection.config('SET', 'maxmemory', '1');
  try {
    const silence = () => performance.now() - last();
    await eventually('a silence', () => (silence() > 3_000 ? true : undefined));
    expect(await connection.ping()).toBe('PONG');
  } finally {
    await connection.config('SET', 'maxmemory', '0');
  }
  const silent = last();
  await eventually('the next pulse', () => (last() > silent ? true : undefined));
});
