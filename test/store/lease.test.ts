import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { LedByAnother } from '../../src/domain/failure.ts';
import { LEASE_TIMES } from '../../src/domain/process/standing.ts';
import { createLease, type Lease } from '../../src/store/lease.ts';
import { createStore } from '../../src/store/store.ts';
import { finding, NOW, tighten } from './samples.ts';
import { eventually, openRedis, type RealRedis } from './real-redis.ts';

let rig: RealRedis;
let redis: Redis;
/** None asks who is there. */
const NO_NEWS = { on: () => () => undefined };

beforeAll(async () => {
  rig = await openRedis();
  redis = rig.connect();
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

const leaseOf = (on: Redis, role: string): Lease =>
  createLease(
    on,
    { lease: role, fence: `${role}:number` },
    { leaseMs: LEASE_TIMES.leaseMs, news: NO_NEWS },
  );
const has = async (lease: Lease): Promise<boolean> => (await lease.hold()) !== undefined;

describe('a lease', () => {
  it('has one holder among many who ask at once', async () => {
    const leases = Array.from({ length: 20 }, () => leaseOf(rig.connect(), 'bot'));
    const held = await Promise.all(leases.map((each) => each.hold()));
    expect(held.filter(Boolean)).toHaveLength(1);
    const again = await Promise.all(leases.map((each) => each.hold()));
    expect(again).toEqual(held);
  });

  it('of a dead holder ends also where the clock of the store was set back', async () => {
    const [dead, alive] = [leaseOf(redis, 'bot'), leaseOf(rig.connect(), 'bot')];
    await dead.hold();
    for (const spoil of [() => redis.pexpire('bot', 3_600_000), () => redis.persist('bot')]) {
      await spoil();
      expect(await alive.isFree()).toBe(false);
      expect(await redis.pttl('bot')).toBeGreaterThan(0);
      expect(await redis.pttl('bot')).toBeLessThanOrEqual(LEASE_TIMES.leaseMs);
    }
    await redis.persist('bot');
    expect(await has(alive)).toBe(false);
    expect(await redis.pttl('bot')).toBeGreaterThan(0);
  });

  it('is renewed by its holder alone', async () => {
    const [mine, theirs] = [leaseOf(redis, 'bot'), leaseOf(rig.connect(), 'bot')];
    await mine.hold();
    await redis.pexpire('bot', 1_000);
    expect(await has(theirs)).toBe(false);
    expect(await redis.pttl('bot')).toBeLessThanOrEqual(1_000);
    expect(await has(mine)).toBe(true);
    expect(await redis.pttl('bot')).toBeGreaterThan(1_000);
  });

  it('is taken over after its holder died, and the dead one does not get it back', async () => {
    const [dead, next] = [leaseOf(redis, 'bot'), leaseOf(rig.connect(), 'bot')];
    await dead.hold();
    expect(await redis.pttl('bot')).toBeLessThanOrEqual(5_000);
    await redis.pexpire('bot', 50);
    await eventually('the lease is free', () => next.hold());
    expect(await has(dead)).toBe(false);
    expect(await has(next)).toBe(true);
  });

  it('is given up by its holder alone', async () => {
    const [mine, theirs] = [leaseOf(redis, 'bot'), leaseOf(rig.connect(), 'bot')];
    await mine.hold();
    await theirs.release();
    expect(await has(theirs)).toBe(false);
    await mine.release();
    expect(await has(theirs)).toBe(true);
  });

  it('has a number that grows with each new holder, and with nobody in between stays', async () => {
    const [one, two] = [leaseOf(redis, 'bot'), leaseOf(rig.connect(), 'bot')];
    expect([await one.hold(), await one.hold()]).toEqual([1, 1]);
    await redis.del('bot');
    expect(await one.hold()).toBe(1);
    await redis.del('bot');
    expect(await two.hold()).toBe(2);
    await two.release();
    // Somebody led in between: what this one knows is old, so it begins anew.
    expect(await one.hold()).toBeUndefined();
    expect(await one.hold()).toBe(3);
  });

  it('has a number that an emptied store does not set back', async () => {
    const [one, two] = [leaseOf(redis, 'bot'), leaseOf(rig.connect(), 'bot')];
    await one.hold();
    await redis.del('bot');
    expect(await two.hold()).toBe(2);
    expect(await one.isFree()).toBe(false);
    await redis.flushall();
    expect(await one.isFree()).toBe(true);
    expect(await one.hold()).toBeUndefined();
    expect(await one.hold()).toBe(3);
    expect(await two.hold()).toBeUndefined();
  });

  it('of another role is another one', async () => {
    expect(await has(leaseOf(redis, 'bot'))).toBe(true);
    expect(await has(leaseOf(redis, 'stream'))).toBe(true);
  });
});

describe('what an old leader writes', () => {
  it('is refused once another one has led; its halts and what it saw are not', async () => {
    const led = { number: 1 as number | undefined };
    const fence = { role: 'bot', number: () => led.number };
    const old = createStore(rig.connect(), 'one', fence);
    const present = createStore(rig.connect(), 'one', { role: 'bot', number: () => 2 });
    const keys = { lease: present.keys.lease('bot'), fence: present.keys.fence('bot') };
    const [first, second] = [1, 2].map(() =>
      createLease(rig.connect(), keys, { leaseMs: 1_000, news: NO_NEWS }),
    );
    try {
      await first?.hold();
      await old.mode.initialise({ mode: 'normal', reasons: [], since: NOW });
      await old.outbox.raise(finding('one'));
      expect(await old.outbox.claim(1)).toBe(true);
      await first?.release();
      await second?.hold();
      const refused = [
        () => old.outbox.claim(1),
        () => old.outbox.markSent(1, { chatId: 1, messageId: 1 }),
        () => old.outbox.release(1),
        () => old.outbox.revise('one', { title: 'x', lines: [] }),
        () => old.policies.save(undefined, finding('signed')),
        () => old.mode.apply({ kind: 'resume', at: NOW, by: 1, judged: [] }),
      ];
      for (const write of refused) await expect(write()).rejects.toBeInstanceOf(LedByAnother);
      const fromStream = old.outboxOf({ role: 'stream', number: () => 1 });
      await fromStream.raise(finding('two'));
      const streams = { lease: 'streams', fence: present.keys.fence('stream') };
      for (const each of [1, 2].map(() =>
        createLease(rig.connect(), streams, { leaseMs: 1_000, news: NO_NEWS }),
      )) {
        await each.hold();
        await each.release();
      }
      await expect(fromStream.raise(finding('three'))).rejects.toBeInstanceOf(LedByAnother);
      expect((await old.mode.apply(tighten('halted', 'owner'))).state.mode).toBe('halted');
      expect(await old.outbox.raise(finding('four'))).toMatchObject({ number: 3 });
      expect(await present.outbox.claim(1)).toBe(true);
      expect(await present.outbox.claim(1)).toBe(false);
      expect(await present.outbox.claim(2)).toBe(true);
    } finally {
      old.close();
      present.close();
    }
  });
});
