/** Who leads over a real store that still answers and takes no writes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { followLease } from '../../src/process/lead/holding.ts';
import { lastLeaderMs } from '../../src/domain/process/standing.ts';
import { createLease } from '../../src/store/lease.ts';
import { createNews, type News } from '../../src/store/news.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

// Long enough that a busy machine answers within them.
const TIMES = { leaseMs: 4_000, renewMs: 1_000, askMs: 1_500 };
let redis: RealRedis;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(async () => {
  for (const each of closing) each();
  await redis.close();
});

const closing: (() => void)[] = [];
const newsOf = (): News => {
  const news = createNews(redis.connect());
  closing.push(news.close);
  return news;
};

const holding = () =>
  followLease({
    lease: createLease(
      redis.connect(),
      { lease: 'bot', fence: 'bot:number' },
      { leaseMs: TIMES.leaseMs, news: newsOf() },
    ),
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

it('one that is started right after the store was emptied waits for whoever leads, and for nobody where nobody does', async () => {
  const admin = redis.connect();
  await admin.flushall();
  for (const each of closing.splice(0)) each();
  const over = new AbortController();
  const first = holding();
  const began = performance.now();
  await first.win(over.signal);
  const tookMs = performance.now() - began;
  const number = first.number();
  const kept = first.renewUntilLost(over.signal);
  await eventually('it can be seen to be there', async () => {
    const [, count] = (await admin.call('PUBSUB', 'NUMSUB', 'bot')) as [string, number];
    return count === 1;
  });
  await admin.flushall();
  const second = holding();
  const waiting = second.win(over.signal);
  const seen: string[] = [];
  await eventually('the first one holds it again', async () => {
    seen.push(second.standing());
    return (await admin.get('bot')) !== null;
  });
  expect(new Set(seen)).toEqual(new Set(['stands by']));
  expect([first.standing(), second.standing()]).toEqual(['leads', 'stands by']);
  expect(first.number()).toBe(number);
  // It took it at once: nobody was there.
  expect(tookMs).toBeLessThan(lastLeaderMs(TIMES));
  over.abort();
  await Promise.all([kept, waiting]);
  await first.release();
});
