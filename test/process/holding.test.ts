/** Who leads over a real store that still answers and takes no writes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { followLease } from '../../src/process/lead/holding.ts';
import { createLease } from '../../src/store/lease.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

// Long enough that a busy machine answers within them.
const TIMES = { leaseMs: 4_000, renewMs: 1_000, askMs: 1_500 };
let redis: RealRedis;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

const holding = () =>
  followLease({
    lease: createLease(redis.connect(), { lease: 'bot', fence: 'bot:number' }, TIMES.leaseMs),
    times: TIMES,
  });

it.each([
  ['full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
  ['read-only', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
])('whoever led comes first when a store that was %s takes writes again', async (_, away, back) => {
  const admin = redis.connect();
  const call = ([name = '', ...args]: readonly string[]) => admin.call(name, ...args);
  const over = new AbortController();
  const first = holding();
  await first.win(over.signal);
  const kept = first.renewUntilLost(over.signal);
  const second = holding();
  const waiting = second.win(over.signal);
  const number = first.number();
  for (let outage = 0; outage < 3; outage += 1) {
    await call(away);
    await eventually('its lease has run out', async () => (await admin.exists('bot')) === 0);
    expect(first.standing()).not.toBe('stands by');
    await call(back);
    await eventually('somebody leads', async () =>
      [first, second].some((each) => each.standing() === 'leads'),
    );
    expect([first.standing(), second.standing()]).toEqual(['leads', 'stands by']);
  }
  expect(first.number()).toBe(number);
  over.abort();
  await Promise.all([kept, waiting]);
  await first.release();
});

it('whoever led goes on when the store was emptied, and another one only where that one is gone', async () => {
  const admin = redis.connect();
  await admin.flushall();
  const over = new AbortController();
  const first = holding();
  await first.win(over.signal);
  const kept = first.renewUntilLost(over.signal);
  const second = holding();
  const waiting = second.win(over.signal);
  for (let loss = 0; loss < 2; loss += 1) {
    // The first one has looked as well, before it led.
    await admin.del('bot:look');
    await eventually('the other one looks', async () => (await admin.exists('bot:look')) === 1);
    await admin.flushall();
    await eventually('somebody holds it', async () => (await admin.exists('bot')) === 1);
    expect([first.standing(), second.standing()]).toEqual(['leads', 'stands by']);
  }
  await admin.flushall();
  over.abort();
  await Promise.all([kept, waiting]);
  const alone = new AbortController();
  await second.win(alone.signal);
  expect(second.standing()).toBe('leads');
  await second.release();
});
