import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { startWatchdog, type Check } from '../../src/jobs/watchdog.ts';
import { openJobs, type JobHouse } from './house.ts';

let redis: RealRedis;
let house: JobHouse | undefined;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  await house?.close();
  house = undefined;
});

const quiet = { warn: () => undefined };

describe('while Redis is gone', () => {
  it('the workers end within their deadline', async () => {
    house = await openJobs(redis);
    const workers = house.work();
    await house.queues.schedule(1_000);
    await eventually('a job', () => house?.logged.some((each) => each.includes('a job failed')));
    await redis.stop();
    try {
      const start = performance.now();
      await workers.close();
      expect(performance.now() - start).toBeLessThan(30_000);
    } finally {
      await redis.restart();
    }
  });
});

describe('the watchdog', () => {
  it('tells that Redis is gone and that it is back, without Redis', async () => {
    const connection = redis.connect();
    const check: Check = {
      name: 'Redis',
      look: async () => ((await connection.ping()) === 'PONG' ? undefined : 'does not answer'),
    };
    const told: string[] = [];
    const tell = async (text: string): Promise<void> => void told.push(text);
    const watchdog = startWatchdog({ checks: [check], tell, log: quiet, everySeconds: 1 });
    try {
      await redis.stop();
      await eventually('the news', () => told.length === 1);
      await redis.restart();
      await eventually('the good news', () => told.length === 2);
    } finally {
      await watchdog.stop();
    }
    expect(told[0]).toMatch(/^🔴 Redis: .+ New trades are refused while this lasts\.$/);
    expect(told[1]).toMatch(/^🟢 Back: Redis, after \d+ s\.$/);
  });

  it('tells what hangs, tries again where telling failed, and is silent about one hiccup', async () => {
    let looks = 0;
    const hiccup: Check = {
      name: 'hiccup',
      look: async () => {
        looks += 1;
        return looks === 1 ? 'one failure' : undefined;
      },
    };
    const broken: Check = { name: 'broken', look: () => Promise.reject(new Error('it fails')) };
    const told: string[] = [];
    let tries = 0;
    const tell = async (text: string): Promise<void> => {
      if (text.includes('broken')) tries += 1;
      if (tries === 1) throw new Error('no phone');
      told.push(text);
    };
    const watchdog = startWatchdog({
      checks: [hiccup, broken],
      tell,
      log: quiet,
      everySeconds: 1,
    });
    try {
      await eventually('five looks', () => looks >= 5);
    } finally {
      await watchdog.stop();
    }
    expect(told).toEqual(['🔴 broken: it fails. New trades are refused while this lasts.']);
    expect(tries).toBe(2);
  });
});
