import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { openJobs, type JobRig } from './rig.ts';

let redis: RealRedis;
let rig: JobRig | undefined;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

describe('while Redis is gone', () => {
  it('the workers end within their deadline', async () => {
    rig = await openJobs(redis);
    const workers = rig.work();
    await rig.queues.schedule(1_000);
    await eventually('a job', () => rig?.logged.some((each) => each.includes('a job failed')));
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
