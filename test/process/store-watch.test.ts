/** What counts as a store that is away, on a real one. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sinceThere, watchStore } from '../../src/process/without-store/store-watch.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

let redis: RealRedis;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Longer than a store may keep silent. */
const STALL_MS = 4_200;

it('what is kept counts from when the store is back', async () => {
  let now = 1;
  const store = redis.store('since');
  const watch = watchStore(store.epoch, quiet);
  const since = sinceThere(watch, { now: () => now });
  now = 2;
  expect(since()).toBe(1);
  await redis.connect().replicaof('127.0.0.1', 1);
  await eventually('it is away', () => watch.away() !== undefined);
  now = 3;
  expect(since()).toBe(3);
  await redis.connect().call('REPLICAOF', 'NO', 'ONE');
  await eventually('it is back', () => !watch.unsettled());
  now = 4;
  expect(since()).toBe(3);
  watch.stop();
});

it('a store is not away because this process stood still, and is when it does not answer', async () => {
  const watch = watchStore(redis.store('stall').epoch, quiet);
  let away = 0;
  watch.onAway(() => (away += 1));
  let written = 0;
  watch.onWritten(() => (written += 1));
  await eventually('it was written', () => written > 0);
  // Nothing of this process runs meanwhile, as on a machine that is too busy.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS);
  const before = written;
  await eventually('it is written again', () => written > before + 1);
  expect(away).toBe(0);
  await redis.stop();
  await eventually('it is away', () => watch.away() !== undefined);
  expect(away).toBe(1);
  watch.stop();
});
