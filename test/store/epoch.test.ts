/** What tells a store that has lost its last writes, all of them, or that is another one, from the store that was known. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Redis } from 'ioredis';
import { startRedis, type RunningRedis } from '../../src/process/redis/server.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { eventually, openRedis, type RealRedis } from './real-redis.ts';
import { finding } from './samples.ts';

let redis: RealRedis;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  await redis.connect().flushall();
});

/** What another process, or this one later, knows of the store. */
const process = (account = 'epoch') => redis.store(account);

const raise = async (store: Store, ...keys: readonly string[]): Promise<(number | undefined)[]> =>
  Promise.all(keys.map(async (key) => (await store.outbox.raise(finding(key)))?.number));

describe('a store that is there', () => {
  it('has one epoch for all processes, however many beats', async () => {
    const [one, other] = [process(), process()];
    expect(await one.epoch.beat()).toBeUndefined();
    const first = one.epoch.known();
    expect(await other.epoch.beat()).toBeUndefined();
    await raise(other, 'a', 'b');
    expect(await one.epoch.beat()).toBeUndefined();
    expect(one.epoch.known()).toEqual({ ...first, clock: (first?.clock ?? 0) + 2, alert: 2 });
    expect(other.epoch.known()?.epoch).toBe(first?.epoch);
  });

  it('is known again by whoever remembers an earlier moment of it', async () => {
    const one = process();
    await one.epoch.beat();
    const before = one.epoch.known();
    await raise(one, 'a');
    await one.epoch.beat();
    const later = process();
    if (before !== undefined) later.epoch.recall(before);
    expect(await later.epoch.beat()).toBeUndefined();
  });

  it('goes on with the next number after a process that was killed, wherever what it knew was last written down', async () => {
    const killed = process();
    await killed.epoch.beat();
    await raise(killed, 'a', 'b');
    const early = killed.epoch.known();
    await killed.epoch.beat();
    const late = killed.epoch.known();
    await raise(killed, 'c');
    killed.redis.disconnect();
    for (const [index, known] of [early, late].entries()) {
      const next = process();
      if (known !== undefined) next.epoch.recall(known);
      expect(await next.epoch.beat()).toBeUndefined();
      expect(await raise(next, `next ${index}`)).toEqual([4 + index]);
    }
  });
});

describe('a store that was emptied', () => {
  it('is told until somebody has seen to it, and no number is given out again', async () => {
    const [one, other] = [process(), process()];
    await raise(one, 'a', 'b', 'c');
    await one.epoch.beat();
    await other.epoch.beat();
    const before = one.epoch.known();
    await one.redis.flushall();
    const loss = await one.epoch.beat();
    expect(loss).toMatchObject({ kind: 'emptied', alerts: { from: 1, to: 3 } });
    expect(one.epoch.known()).toMatchObject({ sequence: 2, alert: 3 });
    expect(one.epoch.known()?.epoch).not.toBe(before?.epoch);
    expect(await raise(one, 'd')).toEqual([4]);
    // The other one sees the same loss, and makes no epoch of its own.
    const seen = await other.epoch.beat();
    expect(seen).toEqual(loss);
    expect(other.epoch.known()?.epoch).toBe(one.epoch.known()?.epoch);
    if (seen !== undefined) await other.epoch.settle(seen);
    expect(await one.epoch.beat()).toBeUndefined();
    expect(await other.epoch.beat()).toBeUndefined();
  });

  it('is told as another one where it was filled anew before it was looked at', async () => {
    const one = process();
    await one.epoch.beat();
    await one.redis.flushall();
    await process().epoch.beat();
    expect(await one.epoch.beat()).toMatchObject({ kind: 'another' });
  });

  it('gives out no number that was told and that it never counted', async () => {
    const one = process();
    await one.epoch.beat();
    await raise(one, 'a', 'b');
    await one.outbox.markSent(2, { chatId: 1, messageId: 1 });
    await one.redis.flushall();
    expect(await raise(one, 'c')).toEqual([1]);
    await one.epoch.beat();
    expect(await raise(one, 'd')).toEqual([3]);
  });
});

describe('a copy that is put back', () => {
  let dir: string;
  let running: RunningRedis;

  const start = async (): Promise<Store & { readonly redis: Redis }> => {
    const log = { info: () => undefined, warn: () => undefined };
    const cacheDir = join(tmpdir(), 'vigil-cache');
    running = await startRedis({ dir, persist: true, cacheDir, log });
    const connection = new Redis(running.url);
    connection.on('error', () => undefined);
    return { ...createStore(connection, 'epoch'), redis: connection };
  };
  const end = async (store: Store & { readonly redis: Redis }): Promise<void> => {
    store.close();
    store.redis.disconnect();
    await running.stop();
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vigil-epoch-'));
    return () => rm(dir, { recursive: true, force: true });
  });

  it('of an append-only file is told with what is missing, by process and by marker', async () => {
    const first = await start();
    await raise(first, 'a', 'b');
    await first.epoch.beat();
    await end(first);
    const copy = `${dir}-copy`;
    await cp(dir, copy, { recursive: true });
    const second = await start();
    await second.epoch.beat();
    await raise(second, 'c', 'd', 'e');
    await second.epoch.beat();
    const known = second.epoch.known();
    await end(second);
    await rm(dir, { recursive: true, force: true });
    await cp(copy, dir, { recursive: true });
    await rm(copy, { recursive: true, force: true });
    const third = await start();
    if (known !== undefined) third.epoch.recall(known);
    const loss = await third.epoch.beat();
    expect(loss).toMatchObject({ kind: 'older', alerts: { from: 3, to: 5 } });
    expect(loss?.from).toBeLessThanOrEqual(loss?.at ?? 0);
    expect(await raise(third, 'f')).toEqual([6]);
    await end(third);
  });

  it('that had lost its last moment alone is told by its clock, though no alert is missing', async () => {
    const one = process();
    await one.epoch.beat();
    const hash = await one.redis.hgetall(one.keys.epoch);
    await one.epoch.beat();
    await one.redis.hset(one.keys.epoch, hash);
    expect(await one.epoch.beat()).toMatchObject({ kind: 'older' });
  });

  it('from before an earlier loss is told too', async () => {
    const one = process();
    await one.epoch.beat();
    const hash = await one.redis.hgetall(one.keys.epoch);
    await one.redis.flushall();
    const loss = await one.epoch.beat();
    if (loss !== undefined) await one.epoch.settle(loss);
    await one.redis.del(one.keys.epoch);
    await one.redis.hset(one.keys.epoch, hash);
    expect(await one.epoch.beat()).toMatchObject({ kind: 'older' });
    expect(one.epoch.known()?.sequence).toBe(3);
  });

  it('is no loss for a key of another kind in its place: that is one', async () => {
    const one = process();
    await one.epoch.beat();
    await one.redis.set(one.keys.epoch, 'x');
    expect(await one.epoch.beat()).toMatchObject({ kind: 'emptied' });
    await eventually(
      'it is one again',
      async () => (await one.redis.type(one.keys.epoch)) === 'hash',
    );
  });
});
