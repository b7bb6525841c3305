import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { OutboxAhead } from '../../src/app/ports/outbox.ts';
import { LedByAnother } from '../../src/domain/failure.ts';
import { storeKeys } from '../../src/store/keys.ts';
import type { Store } from '../../src/store/store.ts';
import { openRedis, type RealRedis } from './real-redis.ts';
import { finding } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
let store: Store;
let ahead: OutboxAhead;
let other: Store;
const keys = storeKeys('test');

beforeAll(async () => {
  rig = await openRedis();
  store = rig.store();
  ({ redis } = rig.store());
  other = rig.store();
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
  ahead = store.outboxAhead({ role: 'stream', number: () => 1 });
});

describe('what is told while it is stored', () => {
  it('has the number that it gets, and is attempted already when it can be seen', async () => {
    for (const key of ['a', 'b']) await other.outbox.raise(finding(key));
    await ahead.look(['one', 'two']);
    const raised = [ahead.raise(finding('one')), ahead.raise(finding('two'))];
    expect(raised.map((each) => each?.alert.number)).toEqual([3, 4]);
    const [one, two] = raised;
    expect(await one?.stored).toEqual({ number: 3, again: false });
    expect(await two?.stored).toEqual({ number: 4, again: false });
    const pending = await other.outbox.pending(10);
    expect(pending.find(({ key }) => key === 'one')).toMatchObject({ number: 3, attempts: 1 });
    // Nobody else sends it while it is on its way.
    expect(await other.outbox.claim(3)).toBe(false);
    await store.outbox.release(3);
    expect(await other.outbox.claim(3)).toBe(true);
  });

  it('is not possible for what was told, was not looked at or was raised so before', async () => {
    await other.outbox.raise(finding('told'));
    expect(ahead.raise(finding('one'))).toBeUndefined();
    await ahead.look(['told', 'one']);
    expect(ahead.raise(finding('told'))).toBeUndefined();
    expect(ahead.raise(finding('unknown'))).toBeUndefined();
    await ahead.raise(finding('one'))?.stored;
    expect(ahead.raise(finding('one'))).toBeUndefined();
    await ahead.look(['told', 'one']);
    expect(ahead.raise(finding('one'))).toBeUndefined();
    expect(await other.outbox.pending(10)).toHaveLength(2);
  });

  it('is not possible again because of a look that began before', async () => {
    await ahead.look(['one']);
    const looks = ahead.look(['one']);
    const raised = ahead.raise(finding('one'));
    await looks;
    expect(ahead.raise(finding('one'))).toBeUndefined();
    expect((await raised?.stored)?.again).toBe(false);
  });

  it('says which number it got where another one came in between, or that it was told', async () => {
    await ahead.look(['one', 'two']);
    await redis.incr(keys.alertNumber);
    const one = ahead.raise(finding('one'));
    expect(one?.alert.number).toBe(1);
    expect(await one?.stored).toEqual({ number: 2, again: false });
    await redis.hset(keys.alertKeys, 'two', '1');
    expect(await ahead.raise(finding('two'))?.stored).toEqual({ number: 1, again: true });
  });

  it('is refused once another process has led', async () => {
    await ahead.look(['one', 'two']);
    await redis.set(keys.fence('stream'), '2');
    await expect(ahead.raise(finding('one'))?.stored).rejects.toBeInstanceOf(LedByAnother);
    expect(await other.outbox.pending(10)).toEqual([]);
  });

  it('is not possible while the store cannot be asked', async () => {
    await ahead.look(['one']);
    await redis.del(keys.alertKeys);
    await redis.set(keys.alertKeys, 'of another kind');
    await ahead.look(['one']);
    expect(ahead.raise(finding('one'))).toBeUndefined();
  });
});
