import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { OwnerStore } from '../../src/app/ports/owner-store.ts';
import { openRedis, type RealRedis } from './real-redis.ts';

let rig: RealRedis;
let redis: Redis;
let owners: OwnerStore;
let other: OwnerStore;

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, owners } = rig.store());
  other = rig.store().owners;
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

describe('pairing', () => {
  it('makes the one who has the code the owner, once', async () => {
    expect(await owners.owner()).toBeUndefined();
    const code = await owners.newCode();
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
    expect(await other.pair(1001, ` ${code.toLowerCase()} `)).toBe('paired');
    expect(await owners.owner()).toBe(1001);
    expect(await owners.pair(2002, code)).toBe('taken');
    expect(await owners.owner()).toBe(1001);
  });

  it('takes one of many who send the right code at once', async () => {
    const code = await owners.newCode();
    const users = Array.from({ length: 20 }, (_, index) => 1_000 + index);
    const outcomes = await Promise.all(
      users.map((user, index) => (index % 2 === 0 ? owners : other).pair(user, code)),
    );
    expect(outcomes.filter((each) => each === 'paired')).toHaveLength(1);
    expect(await owners.owner()).toBe(users[outcomes.indexOf('paired')]);
  });

  it('burns the code at the fifth wrong guess', async () => {
    const code = await owners.newCode();
    const guesses = ['AAAAAAAA', '', 'b', 'c', 'd'];
    const outcomes = [];
    for (const guess of guesses) outcomes.push(await owners.pair(2002, guess));
    expect(outcomes).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'void']);
    expect(await owners.pair(1001, code)).toBe('void');
    expect(await owners.owner()).toBeUndefined();
  });

  it('looks at no more than five guesses when they come all at once', async () => {
    const code = await owners.newCode();
    const guesses = [...Array.from({ length: 30 }, (_, index) => `wrong ${index}`), code];
    const outcomes = await Promise.all(guesses.map((guess) => owners.pair(2002, guess)));
    expect(outcomes.filter((each) => each === 'wrong')).toHaveLength(4);
    expect(outcomes.at(-1)).toBe('void');
    expect(await owners.owner()).toBeUndefined();
  });

  it('begins anew with a new code', async () => {
    const first = await owners.newCode();
    for (const guess of ['1', '2', '3', '4']) await owners.pair(2002, guess);
    const second = await owners.newCode();
    expect(second).not.toBe(first);
    expect(await owners.pair(1001, first)).toBe('wrong');
    expect(await owners.pair(1001, second)).toBe('paired');
  });

  it('takes no code after ten minutes', async () => {
    const code = await owners.newCode();
    const [key = ''] = await redis.keys('*:owner:pairing');
    const left = await redis.pttl(key);
    expect(left).toBeGreaterThan(9 * 60_000);
    expect(left).toBeLessThanOrEqual(10 * 60_000);
    expect(await owners.hasCode()).toBe(true);
    await redis.pexpire(key, 0);
    expect(await owners.hasCode()).toBe(false);
    expect(await owners.pair(1001, code)).toBe('void');
  });

  it('is undone by a reset, of which every process hears and the former owner is noted until told', async () => {
    await owners.pair(1001, await owners.newCode());
    const heard = new Promise<void>((resolve) => other.onReset(resolve));
    await redis.ping();
    const open = await other.newCode();
    expect(await owners.reset()).toBe(1001);
    await heard;
    expect(await other.owner()).toBe('reset');
    expect(await other.pair(2002, open)).toBe('void');
    expect(await other.former()).toBe(1001);
    await other.formerWasTold();
    expect(await owners.former()).toBeUndefined();
    await owners.keep(1001);
    expect(await owners.owner()).toBe('reset');
    expect(await owners.pair(2002, await owners.newCode())).toBe('paired');
    expect(await owners.owner()).toBe(2002);
  });

  it('is put back into a store that has forgotten it', async () => {
    expect(await owners.owner()).toBeUndefined();
    await owners.keep(1001);
    await owners.keep(2002);
    expect(await owners.owner()).toBe(1001);
  });

  it('a damaged owner is nobody', async () => {
    await owners.keep(1001);
    const [key = ''] = await redis.keys('*:owner');
    await redis.set(key, 'gibberish');
    expect(await owners.owner()).toBeUndefined();
  });

  it('stores no code in clear', async () => {
    const code = await owners.newCode();
    for (const key of await redis.keys('*')) expect(await redis.get(key)).not.toContain(code);
  });
});
