import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { createLease } from '../../src/store/lease.ts';
import { eventually, openRedis, type RealRedis } from './real-redis.ts';

let rig: RealRedis;
let redis: Redis;

beforeAll(async () => {
  rig = await openRedis();
  redis = rig.connect();
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

describe('a lease', () => {
  it('has one holder among many who ask at once', async () => {
    const leases = Array.from({ length: 20 }, () => createLease(rig.connect(), 'bot'));
    const held = await Promise.all(leases.map((each) => each.hold()));
    expect(held.filter(Boolean)).toHaveLength(1);
    const again = await Promise.all(leases.map((each) => each.hold()));
    expect(again).toEqual(held);
  });

  it('is renewed by its holder alone', async () => {
    const [mine, theirs] = [createLease(redis, 'bot'), createLease(rig.connect(), 'bot')];
    await mine.hold();
    await redis.pexpire('bot', 1_000);
    expect(await theirs.hold()).toBe(false);
    expect(await redis.pttl('bot')).toBeLessThanOrEqual(1_000);
    expect(await mine.hold()).toBe(true);
    expect(await redis.pttl('bot')).toBeGreaterThan(1_000);
  });

  it('is taken over after its holder died, and the dead one does not get it back', async () => {
    const [dead, next] = [createLease(redis, 'bot'), createLease(rig.connect(), 'bot')];
    await dead.hold();
    expect(await redis.pttl('bot')).toBeLessThanOrEqual(5_000);
    await redis.pexpire('bot', 50);
    await eventually('the lease is free', () => next.hold());
    expect(await dead.hold()).toBe(false);
    expect(await next.hold()).toBe(true);
  });

  it('is given up by its holder alone', async () => {
    const [mine, theirs] = [createLease(redis, 'bot'), createLease(rig.connect(), 'bot')];
    await mine.hold();
    await theirs.release();
    expect(await theirs.hold()).toBe(false);
    await mine.release();
    expect(await theirs.hold()).toBe(true);
  });

  it('of another role is another one', async () => {
    expect(await createLease(redis, 'bot').hold()).toBe(true);
    expect(await createLease(redis, 'stream').hold()).toBe(true);
  });
});
