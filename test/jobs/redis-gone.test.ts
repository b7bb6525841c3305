import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
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
