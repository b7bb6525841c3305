import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { QUEUES, type QueueName } from '../../src/jobs/job.ts';
import { JOBS } from '../../src/jobs/list.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { EVENTS_KEPT } from '../../src/jobs/queues/queues.ts';
import { openJobs, type JobRig } from './rig.ts';
import { PATIENCE_MS } from '../patience.ts';

let redis: RealRedis;
let rig: JobRig;
let opened: Queue[] = [];

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  rig = await openJobs(redis);
});
afterEach(async () => {
  for (const each of opened) await each.close();
  opened = [];
  await rig.close();
});

const queue = (name: QueueName): Queue => {
  const made = new Queue(name, { connection: rig.connect(), prefix: rig.prefix });
  opened.push(made);
  return made;
};
const schedules = async (): Promise<Record<string, number | undefined>> => {
  const all = await Promise.all(QUEUES.map((each) => queue(each).getJobSchedulers()));
  return Object.fromEntries(all.flat().map((each) => [each.key, Number(each.every)]));
};

describe('the schedules', () => {
  it('are those of the job list, and asking again changes nothing', async () => {
    await rig.queues.schedule(1);
    const once = await schedules();
    expect(once).toEqual({
      account: 5_000,
      risk: 5_000,
      policy: 5_000,
      limits: 60_000,
      scan: 60_000,
      reconcile: 30_000,
      remind: 5_000,
      trail: 60_000,
      'own-alerts': 60_000,
      report: 60_000,
    });
    const waiting = await queue('account').getJobCounts();
    await rig.queues.schedule(1);
    await rig.queues.schedule(1);
    expect(await schedules()).toEqual(once);
    expect(await queue('account').getJobCounts()).toEqual(waiting);
  });

  it('follow the speed of the clock, down to a least', async () => {
    await rig.queues.schedule(1);
    await rig.queues.schedule(600);
    expect(await schedules()).toEqual({
      account: 500,
      risk: 1_000,
      policy: 1_000,
      limits: 1_000,
      scan: 1_000,
      reconcile: 2_000,
      remind: 1_000,
      trail: 1_000,
      'own-alerts': 2_000,
      report: 2_000,
    });
  });

  it('are put back where the store was emptied', async () => {
    await rig.queues.schedule(1);
    expect(await rig.queues.repair(1)).toEqual([]);
    const before = await schedules();
    await rig.connect().flushall();
    expect((await rig.queues.repair(1)).toSorted()).toEqual(Object.keys(before).toSorted());
    expect(await schedules()).toEqual(before);
    expect(await rig.queues.repair(1)).toEqual([]);
  });

  it('are put back where one has lost its next run', async () => {
    await rig.queues.schedule(1);
    const account = queue('account');
    await account.obliterate({ force: true });
    await rig.queues.schedule(1);
    const next = (await account.getJobScheduler('account'))?.next;
    const redis = rig.connect();
    const of = (name: string): string => `${rig.prefix}:account:${name}`;
    await redis.del(of(`repeat:account:${next}`), of('delayed'), of('wait'));
    expect(await rig.queues.repair(1)).toEqual(['account']);
    expect(await rig.queues.repair(1)).toEqual([]);
    const counts = await account.getJobCounts('delayed', 'waiting');
    expect((counts['delayed'] ?? 0) + (counts['waiting'] ?? 0)).toBe(1);
  });

  it('are made anew where the next run lies an hour ahead, as after the clock was set back', async () => {
    await rig.queues.schedule(1);
    const account = queue('account');
    const far = Date.now() + 3_600_000;
    await rig.connect().zadd(`${rig.prefix}:account:repeat`, far, 'account');
    expect((await account.getJobScheduler('account'))?.next).toBe(far);
    expect(await rig.queues.repair(1)).toEqual(['account']);
    const next = (await account.getJobScheduler('account'))?.next ?? Infinity;
    expect(next).toBeLessThan(far);
    expect(await rig.queues.repair(1, true)).toHaveLength(10);
  });

  it('are made anew where their interval is another one', async () => {
    await rig.queues.schedule(1);
    expect(await rig.queues.repair(600)).toHaveLength(10);
    expect(await rig.queues.repair(600)).toEqual([]);
  });

  it('run one job of a queue at a time over all workers', async () => {
    await rig.queues.schedule(1);
    for (const name of QUEUES) expect(await queue(name).getGlobalConcurrency()).toBe(1);
    await rig.connect().flushall();
    await rig.queues.repair(1);
    for (const name of QUEUES) expect(await queue(name).getGlobalConcurrency()).toBe(1);
  });

  it('keep few events of what was done, also after the store was emptied', async () => {
    const redis = rig.connect();
    const events = `${rig.prefix}:scan:events`;
    const fill = async (): Promise<void> => {
      const many = redis.pipeline();
      for (let each = 0; each < 1_000; each += 1) many.xadd(events, '*', 'event', 'completed');
      await many.exec();
    };
    await rig.queues.schedule(1);
    const kept = () => redis.hget(`${rig.prefix}:scan:meta`, 'opts.maxLenEvents');
    await eventually('the bound', async () => (await kept()) === String(EVENTS_KEPT));
    await redis.flushall();
    await fill();
    await rig.queues.repair(1);
    expect(await redis.xlen(events)).toBeLessThan(3 * EVENTS_KEPT);
  });
});

describe('work', () => {
  it('asked for twice is one job', async () => {
    const { work } = rig.queues;
    const request = { id: 'one', by: 1, closePositions: true, at: 0 };
    for (let times = 0; times < 3; times += 1) {
      await work.execute('eth-long-1');
      await work.flatten(request);
      await work.expire('eth-long-1', 5_000);
      await work.refreshAccount();
    }
    const ids = async (name: QueueName): Promise<number> =>
      (await queue(name).getJobs(['waiting', 'delayed', 'prioritized'])).length;
    expect(await ids('orders')).toBe(2);
    expect(await ids('upkeep')).toBe(1);
    expect(await ids('account')).toBe(1);
  });

  it('can be asked for again after it was done', async () => {
    let ran = 0;
    const proposals = {
      ...rig.store.proposals,
      byId: async () => {
        ran += 1;
        return undefined;
      },
    };
    rig.work({ ports: { proposals } });
    for (const times of [1, 2]) {
      await rig.queues.work.execute('eth-long-1');
      await expect.poll(() => ran, { timeout: PATIENCE_MS }).toBe(times);
      await expect
        .poll(async () => (await queue('orders').getJobs()).length, { timeout: PATIENCE_MS })
        .toBe(0);
    }
  });
});

describe('the job list', () => {
  it('names each job once, with a meaning and a known queue', () => {
    expect(new Set(JOBS.map((each) => each.name)).size).toBe(JOBS.length);
    for (const job of JOBS) {
      expect(QUEUES).toContain(job.queue);
      expect(job.meaning.length).toBeGreaterThan(10);
    }
  });
});
