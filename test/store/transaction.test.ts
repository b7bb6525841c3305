import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { storeKeys } from '../../src/store/keys.ts';
import { commit } from '../../src/store/transaction.ts';
import { openRedis, type RealRedis } from './real-redis.ts';
import { finding } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
const keys = storeKeys('test');

beforeAll(async () => {
  rig = await openRedis();
  redis = rig.connect();
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

/** Touches everything that a transaction can touch. */
const everything = {
  set: [{ key: 'a', value: 'new' }],
  remove: ['gone'],
  scored: [{ key: 'z', score: 5, member: 'five' }],
  fields: [{ key: 'h', field: 'f', value: 'v' }],
  journal: { key: 'j', entry: 'e' },
  findings: [finding('one')],
  publish: 'channel',
};

describe('a transaction', () => {
  it('stores everything at once', async () => {
    await redis.set('gone', 'here');
    expect(await commit(redis, keys, everything)).toEqual([1]);
    expect(await redis.get('a')).toBe('new');
    expect(await redis.exists('gone')).toBe(0);
    expect(await redis.zscore('z', 'five')).toBe('5');
    expect(await redis.hget('h', 'f')).toBe('v');
    expect(await redis.xlen('j')).toBe(1);
    expect(await redis.zcard(keys.outbox)).toBe(1);
  });

  it('stores nothing when an expected value has changed', async () => {
    await redis.mset({ a: 'old', gone: 'here' });
    const before = await redis.keys('*');
    const expecting = [{ key: 'a', value: 'other' }];
    expect(await commit(redis, keys, { ...everything, expect: expecting })).toBeUndefined();
    expect((await redis.keys('*')).toSorted()).toEqual(before.toSorted());
    expect(await redis.mget('a', 'gone')).toEqual(['old', 'here']);
  });

  it('stores nothing when one of several expectations fails', async () => {
    await redis.mset({ a: 'old', b: 'changed' });
    const expecting = [
      { key: 'a', value: 'old' },
      { key: 'b', value: 'old' },
    ];
    expect(await commit(redis, keys, { ...everything, expect: expecting })).toBeUndefined();
    expect(await redis.get('a')).toBe('old');
    expect(await redis.exists(keys.alertNumber)).toBe(0);
  });

  it('tells an absent value from an empty one', async () => {
    const absent = { expect: [{ key: 'a', value: undefined }], set: [{ key: 'b', value: '1' }] };
    const empty = { expect: [{ key: 'a', value: '' }], set: [{ key: 'c', value: '1' }] };
    expect(await commit(redis, keys, empty)).toBeUndefined();
    expect(await commit(redis, keys, absent)).toEqual([]);
    await redis.set('a', '');
    expect(await commit(redis, keys, absent)).toBeUndefined();
    expect(await commit(redis, keys, empty)).toEqual([]);
  });

  it('lets exactly one of many that expect the same value through', async () => {
    await redis.set('a', '0');
    const tries = Array.from({ length: 40 }, (_, index) =>
      commit(redis, keys, {
        expect: [{ key: 'a', value: '0' }],
        set: [{ key: 'a', value: `won by ${index}` }],
        findings: [finding(`by ${index}`)],
      }),
    );
    const stored = (await Promise.all(tries)).filter((each) => each !== undefined);
    expect(stored).toEqual([[1]]);
    expect(await redis.get(keys.alertNumber)).toBe('1');
  });

  it('keeps texts byte for byte', async () => {
    const awkward = '=„ü\u0000\\"[1,2]\n{"$fixed":"1"} 12345678901234567890';
    await commit(redis, keys, { set: [{ key: 'a', value: awkward }] });
    expect(await redis.get('a')).toBe(awkward);
    const again = { expect: [{ key: 'a', value: awkward }], set: [{ key: 'a', value: 'b' }] };
    expect(await commit(redis, keys, again)).toEqual([]);
  });

  it('keeps the score of a time exactly', async () => {
    const at = 1_791_806_399_999;
    await commit(redis, keys, { scored: [{ key: 'z', score: at, member: 'm' }] });
    expect(await redis.zrangebyscore('z', at, at)).toEqual(['m']);
  });
});
