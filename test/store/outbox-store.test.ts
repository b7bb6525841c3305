import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { OutboxQueue } from '../../src/app/ports/outbox.ts';
import { callbackData, VERB_OF } from '../../src/bot/callback-data.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { commit } from '../../src/store/transaction.ts';
import { eventually, openRedis, type RealRedis } from './real-redis.ts';
import { finding } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
let outbox: OutboxQueue;
/** The outbox of another process. */
let other: OutboxQueue;
const keys = storeKeys('test');

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, outbox } = rig.store());
  other = rig.store().outbox;
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

const keysOf = async (from: Promise<readonly { key: string }[]>): Promise<string[]> =>
  (await from).map((each) => each.key);

describe('numbers', () => {
  it('run from 1 without gaps under 200 concurrent raises of which half are repeats', async () => {
    const raised = Array.from({ length: 200 }, (_, index) =>
      (index % 3 === 0 ? other : outbox).raise(finding(`happening ${index % 100}`)),
    );
    const numbers = (await Promise.all(raised))
      .filter((each) => each !== undefined)
      .map((each) => each.number);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(await outbox.pending(300)).toHaveLength(100);
  });
});

describe('raising', () => {
  it('tells a happening once, also after it was sent', async () => {
    const first = await outbox.raise(finding('one'));
    await outbox.claim(1);
    await outbox.markSent(1, { chatId: 7, messageId: 8 });
    expect(first?.number).toBe(1);
    expect(await other.raise(finding('one', { title: 'Again' }))).toBeUndefined();
    expect(await outbox.pending(10)).toEqual([]);
    expect(await outbox.recent(10)).toMatchObject([
      { number: 1, status: 'sent', title: 'Happening one', chatId: 7, messageId: 8 },
    ]);
  });

  it('is heard in every process, also after its connection was cut', async () => {
    let heard = 0;
    other.onNews(() => (heard += 1));
    await eventually('the news connection', async () => {
      await outbox.raise(finding(`knock ${heard} ${performance.now()}`));
      return heard > 0;
    });
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    const before = heard;
    await eventually('the news connection again', async () => {
      await outbox.raise(finding(`knock again ${performance.now()}`));
      return heard > before;
    });
  });
});

describe('the order of sending', () => {
  it('is importance, then age', async () => {
    await outbox.raise(finding('info 1', { severity: 'info' }));
    await outbox.raise(finding('warning 1', { severity: 'warning' }));
    await outbox.raise(finding('critical 1', { severity: 'critical' }));
    await outbox.raise(finding('info 2', { severity: 'info' }));
    await outbox.raise(finding('critical 2', { severity: 'critical' }));
    const order = ['critical 1', 'critical 2', 'warning 1', 'info 1', 'info 2'];
    expect(await keysOf(outbox.pending(10))).toEqual(order);
    expect(await keysOf(outbox.pending(2))).toEqual(order.slice(0, 2));
    expect(await keysOf(outbox.recent(2))).toEqual(['critical 2', 'info 2']);
  });
});

describe('a claim', () => {
  it('is given to one of many senders', async () => {
    await outbox.raise(finding('one'));
    const claims = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? outbox : other).claim(1),
    );
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  });

  it('ends by itself when its sender dies', async () => {
    await outbox.raise(finding('one'));
    await outbox.claim(1);
    const left = await redis.pttl(keys.claim(1));
    expect(left).toBeGreaterThan(5_000);
    expect(left).toBeLessThanOrEqual(15_000);
    expect(await other.claim(1)).toBe(false);
    await redis.pexpire(keys.claim(1), 30);
    expect(await eventually('the claim is free', () => other.claim(1))).toBe(true);
  });

  it('is given again after a release, and every attempt is counted', async () => {
    await outbox.raise(finding('one'));
    for (const sender of [outbox, other, outbox]) {
      expect(await sender.claim(1)).toBe(true);
      expect(await sender.claim(1)).toBe(false);
      await sender.release(1);
    }
    expect(await outbox.pending(1)).toMatchObject([{ number: 1, attempts: 3, status: 'queued' }]);
  });
});

describe('an alert of the version before', () => {
  it('that waits still has its buttons, which held their bytes then', async () => {
    const buttons = [
      [
        { label: 'Approve', data: 'a:AbC-_0' },
        { label: 'Reject', data: 'r:AbC-_0' },
        { label: 'Details', data: 'd:AbC-_0' },
      ],
      [{ label: 'Place suggested stop', data: 't:19' }],
      [
        { label: 'I took it out', data: 'y:step-1' },
        { label: 'Not me', data: 'n:step-1' },
      ],
    ];
    await outbox.raise(finding('one'));
    const stored = { ...finding('one'), buttons };
    await redis.hset(keys.alerts, '1', JSON.stringify(stored));
    const [waiting] = await outbox.pending(1);
    const bytes = waiting?.buttons?.map((row) =>
      row.map(({ label, action, id }) => ({ label, data: callbackData(VERB_OF[action], id) })),
    );
    expect(bytes).toEqual(buttons);
  });
});

describe('a revision', () => {
  it('edits a sent alert, takes its buttons and waits until the edit was made', async () => {
    await outbox.raise(
      finding('one', { buttons: [[{ label: 'Approve', action: 'approve', id: 'x' }]] }),
    );
    await outbox.claim(1);
    await outbox.markSent(1, { chatId: 7, messageId: 8 });
    await other.revise('one', { title: 'Over', lines: ['Done.'] });
    const [revised] = await outbox.revised(5);
    expect(revised).toMatchObject({ title: 'Over', lines: ['Done.'], chatId: 7, messageId: 8 });
    expect(revised?.buttons).toBeUndefined();
    await outbox.markRevised(1);
    expect(await outbox.revised(5)).toEqual([]);
    expect(await outbox.pending(5)).toEqual([]);
  });

  it('in other words is what is told in its place, and nothing once it was sent', async () => {
    await outbox.raise(finding('one'));
    const [waiting] = await outbox.pending(1);
    if (waiting === undefined) throw new Error('nothing waits');
    await outbox.reword({ ...waiting, title: 'As of now' });
    expect(await outbox.pending(5)).toEqual([{ ...waiting, title: 'As of now' }]);
    await outbox.markSent(1, { chatId: 7, messageId: 8 });
    await outbox.reword({ ...waiting, title: 'Too late' });
    expect((await outbox.recent(1))[0]?.title).toBe('As of now');
    expect(await outbox.revised(5)).toEqual([]);
  });

  it('of what is withdrawn there is none: it is in no queue, and its key may be told anew', async () => {
    await outbox.raise(finding('one'));
    const [waiting] = await outbox.pending(1);
    if (waiting === undefined) throw new Error('nothing waits');
    await outbox.claim(1);
    await outbox.withdraw(waiting, { chatId: 7, messageId: 0 });
    expect(await outbox.pending(5)).toEqual([]);
    await other.revise('one', { title: 'Over', lines: [] });
    expect(await outbox.revised(5)).toEqual([]);
    expect((await outbox.raise(finding('one')))?.number).toBe(2);
    expect((await outbox.recent(5)).map(({ number, status }) => [number, status])).toEqual([
      [2, 'queued'],
      [1, 'sent'],
    ]);
  });

  it('of an alert that was not sent yet changes what is sent', async () => {
    await outbox.raise(finding('one'));
    await outbox.revise('one', { title: 'Over', lines: [] });
    expect(await outbox.revised(5)).toEqual([]);
    expect(await outbox.pending(5)).toMatchObject([{ title: 'Over', lines: [] }]);
  });

  it('of what was never told does nothing', async () => {
    await outbox.revise('unheard of', { title: 'Over', lines: [] });
    expect(await redis.keys('*')).toEqual([]);
  });
});

describe('what is stored', () => {
  it('survives a cut connection', async () => {
    await outbox.raise(finding('one'));
    await other.claim(1);
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
    expect(
      await eventually('the answer', () => outbox.recent(5).catch(() => undefined)),
    ).toHaveLength(1);
    expect(await outbox.pending(5)).toMatchObject([{ key: 'one', attempts: 1 }]);
    expect(await outbox.raise(finding('one'))).toBeUndefined();
  });

  it('is refused, not shown, when it is corrupt', async () => {
    await outbox.raise(finding('one'));
    await redis.hset(keys.alerts, '1', '{"key":"one"');
    await expect(outbox.recent(5)).rejects.toThrow(StoreUnreadable);
  });

  it('forgets the oldest that were sent and never one that still waits', async () => {
    await outbox.raise(finding('waits'));
    await outbox.raise(finding('sent'));
    await outbox.markSent(2, { chatId: 7, messageId: 8 });
    await outbox.revise('sent', { title: 'Over', lines: [] });
    await redis.set(keys.alertNumber, 5_000);
    await commit(redis, keys, { findings: [finding('5001'), finding('5002')] });
    expect(await redis.hexists(keys.alerts, '2')).toBe(0);
    expect(await outbox.raise(finding('sent'))).toMatchObject({ number: 5_003 });
    expect(await outbox.raise(finding('waits'))).toBeUndefined();
    expect(await keysOf(outbox.pending(2))).toEqual(['waits', '5001']);
    expect(await redis.zcard(keys.revisions)).toBe(0);
  });
});
