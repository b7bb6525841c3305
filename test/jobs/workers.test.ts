import { Queue, Worker, type Job } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { ScanCounts } from '../../src/app/scan/scan-market.ts';
import type { ScanEntry } from '../../src/domain/scan-report.ts';
import { price } from '../../src/domain/money/money.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { createBacktestQueue } from '../../src/jobs/queues/backtest-queue.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { proposal } from '../store/samples.ts';
import { openJobs, type JobRig } from './rig.ts';

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

const queue = (name: string): Queue => {
  const made = new Queue(name, { connection: rig.connect(), prefix: rig.prefix });
  opened.push(made);
  return made;
};

/** The job once it has failed for good. */
const failed = (of: Queue, id: string | undefined): Promise<Job> =>
  eventually('the failure', async () => (await of.getFailed()).find((each) => each.id === id));

const signal: Signal = {
  ...proposal('tiny-long-1').signal,
  entry: price('0.000000060000000001'),
  stop: price('0.00000005'),
  target: price('123456789.123456789012345678'),
};

describe('a job', () => {
  it('of reading the account that is asked for while one is under way runs after it', async () => {
    let reads = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const snapshot = async (): Promise<never> => {
      reads += 1;
      await held;
      throw new Error('this is all it does here');
    };
    rig.work({ ports: { accounts: { ...rig.store.accounts, snapshot } } });
    const { work } = rig.queues;
    await work.refreshAccount();
    await eventually('the first read', () => reads === 1);
    for (let asked = 0; asked < 5; asked += 1) await work.refreshAccount();
    release();
    await eventually('one more read', () => reads === 2);
    await eventually('the end', async () => {
      const counts = await queue('account').getJobCounts('active', 'waiting', 'delayed');
      return Object.values(counts).every((count) => count === 0);
    });
    expect(reads).toBe(2);
  });

  it('that carries out what was confirmed reads the account ahead of everybody else', async () => {
    const seen: string[] = [];
    const reader = (name: string): Ports['account'] => {
      const read = (): Promise<never> => {
        seen.push(name);
        return Promise.reject(new Error('this is all it does here'));
      };
      return new Proxy({} as Ports['account'], { get: () => read });
    };
    rig.work({
      ports: {
        account: reader('in its turn'),
        urgentAccount: reader('ahead'),
        trading: {} as NonNullable<Ports['trading']>,
        proposals: {
          ...rig.store.proposals,
          byId: async (id) => ({ ...proposal(id), status: 'executing' }),
        },
        pause: () => Promise.reject(new Error('it is not waited here')),
      },
    });
    await queue('orders').add('execute', { proposalId: 'tiny-long-1' });
    await eventually('the look for the order', () => seen.length > 0);
    expect(new Set(seen)).toEqual(new Set(['ahead']));
    await rig.queues.work.refreshAccount();
    await eventually('the reading of the account', () => seen.includes('in its turn'));
  });

  it('that fails does not stop its schedule', async () => {
    let reads = 0;
    const accounts = {
      ...rig.store.accounts,
      snapshot: () => {
        reads += 1;
        return Promise.reject(new Error('no answer'));
      },
    };
    rig.work({ ports: { accounts } });
    await rig.queues.schedule(1_000);
    await eventually('three runs', () => reads >= 3);
    expect(rig.logged.some((each) => each.includes('no answer'))).toBe(true);
  });

  it('with data that does not fit fails for good without running', async () => {
    let ran = 0;
    const proposals = {
      ...rig.store.proposals,
      byId: async () => {
        ran += 1;
        return undefined;
      },
    };
    rig.work({ ports: { proposals } });
    const orders = queue('orders');
    const options = { attempts: 5, backoff: { type: 'fixed', delay: 10 } };
    const bad = [{}, { proposalId: '' }, { proposalId: 7 }];
    const jobs = await Promise.all(bad.map((data) => orders.add('execute', data, options)));
    for (const job of jobs) {
      const ended = await failed(orders, job.id);
      expect(ended.attemptsMade).toBe(1);
      expect(ended.failedReason).toContain('job "execute" has data that does not fit');
    }
    expect(ran).toBe(0);
  });

  it('that nobody knows fails for good', async () => {
    rig.work();
    const upkeep = queue('upkeep');
    const job = await upkeep.add('unheard-of', {}, { attempts: 3 });
    const ended = await failed(upkeep, job.id);
    expect(ended.failedReason).toBe('no job is called "unheard-of"');
    expect(ended.attemptsMade).toBe(1);
  });

  it('of an approval is tried again after a failure', async () => {
    let tries = 0;
    const proposals = {
      ...rig.store.proposals,
      byId: async () => {
        tries += 1;
        if (tries === 1) throw new Error('no answer');
        return undefined;
      },
    };
    rig.work({ ports: { proposals } });
    await rig.queues.work.execute('eth-long-1');
    await eventually('a second try', () => tries === 2);
  });
});

describe('a scan over two workers', () => {
  /** Notes which worker took which step, and what came in. */
  function steps() {
    const order: string[] = [];
    const given: { fetched?: unknown; signals?: readonly Signal[]; report?: unknown } = {};
    const counts: ScanCounts = {
      candleOpenTime: 5,
      universe: 3,
      scored: ['AUSDT'],
      unscored: [
        { cause: 'history', symbols: ['BUSDT'] },
        { cause: 'not-read', symbols: ['CUSDT'], reason: 'no answer' },
      ],
      silent: [{ strategy: 'breakdown', symbols: 1, names: ['CUSDT'], afterGap: 0, until: 9 }],
    };
    const fetched = {
      symbols: ['AUSDT'],
      candleOpenTime: 5,
      fresh: 1,
      failed: [{ symbol: 'BUSDT', reason: 'no answer' }],
      isAhead: true,
      unread: { clean: true, turnover: 7 },
    };
    const scanner = (worker: string) => ({
      fetch: async () => {
        order.push(`fetch ${worker}`);
        return fetched;
      },
      signal: async (fetched: unknown) => {
        order.push(`signal ${worker}`);
        given.fetched = fetched;
        return { ...counts, signals: [signal] };
      },
      risk: async (signals: readonly Signal[]): Promise<readonly ScanEntry[]> => {
        order.push(`risk ${worker}`);
        given.signals = signals;
        return signals.map((each) => ({
          signal: each,
          fate: 'refused',
          refusals: [{ code: 'no', sentence: 'No.' }],
        }));
      },
      alert: async (found: ScanCounts, entries: readonly ScanEntry[]) => {
        order.push(`alert ${worker}`);
        given.report = { found, entries };
      },
    });
    return { order, given, scanner, counts, fetched };
  }

  it('runs fetch, signal, risk and alert in order, and money survives to the last digit', async () => {
    const { order, given, scanner, counts, fetched } = steps();
    rig.work({ scanner: scanner('one') });
    rig.work({ scanner: scanner('two') });
    for (let scan = 1; scan <= 4; scan += 1) {
      await rig.queues.startScan();
      await eventually('the report', () => order.length === 4 * scan);
      await eventually('the end', async () => (await queue('scan').getActiveCount()) === 0);
    }
    const names = order.map((each) => each.split(' ')[0]);
    const once = ['fetch', 'signal', 'risk', 'alert'];
    expect(names).toEqual([...once, ...once, ...once, ...once]);
    expect(given.fetched).toEqual(fetched);
    expect(given.signals).toEqual([signal]);
    expect(given.report).toEqual({
      found: counts,
      entries: [{ signal, fate: 'refused', refusals: [{ code: 'no', sentence: 'No.' }] }],
    });
  });

  it('does not wait for a backtest that is under way', async () => {
    const { order, scanner } = steps();
    let release = (): void => undefined;
    const held = new Promise<never>((_, reject) => (release = () => reject(new Error('enough'))));
    let began = false;
    const instruments = (): Promise<never> => {
      began = true;
      return held;
    };
    const backtests = { ...rig.store.backtests, ask: async () => undefined };
    const market = { instruments } as unknown as Ports['market'];
    rig.work({ scanner: scanner('one'), ports: { backtests, market } });
    const asked = createBacktestQueue(rig.connect(), rig.prefix);
    await asked.ask({ id: 'long', preset: 'quick' });
    await eventually('the backtest', () => began);
    await rig.queues.startScan();
    await eventually('the report', () => order.length === 4);
    release();
    await eventually('its end', async () => (await backtests.read('long'))?.kind === 'failed');
    await asked.close();
  });

  it('lets the next worker take up a backtest whose worker was killed', async () => {
    const asked = createBacktestQueue(rig.connect(), rig.prefix);
    await asked.ask({ id: 'taken', preset: 'quick' });
    const connection = rig.connect();
    const killed = new Worker('backtests', null, {
      connection,
      prefix: rig.prefix,
      lockDuration: 100,
      skipLockRenewal: true,
    });
    const job = await killed.getNextJob('killed');
    expect(job?.data).toMatchObject({ id: 'taken' });
    await killed.close(true);
    const backtests = { ...rig.store.backtests, ask: async () => undefined };
    let runs = 0;
    const instruments = (): Promise<never> => {
      runs += 1;
      return Promise.reject(new Error('no list'));
    };
    rig.work({ ports: { backtests, market: { instruments } as unknown as Ports['market'] } });
    const ended = async () => (await backtests.read('taken'))?.kind === 'failed';
    await eventually('its end', ended);
    expect(runs).toBe(1);
    await asked.close();
  });

  it('is not started while another one is under way', async () => {
    await rig.queues.startScan();
    await rig.queues.startScan();
    const jobs = await queue('scan').getJobs(['waiting', 'waiting-children']);
    expect(jobs.map((each) => each.name).toSorted()).toEqual([
      'scan-alert',
      'scan-fetch',
      'scan-risk',
      'scan-signal',
    ]);
  });

  it('that fails at its first step ends as a whole, and the next one runs', async () => {
    const { order, scanner } = steps();
    let failures = 0;
    rig.work({
      scanner: {
        ...scanner('one'),
        fetch: async () => {
          failures += 1;
          if (failures === 1) throw new Error('no answer');
          return scanner('one').fetch();
        },
      },
    });
    await rig.queues.startScan();
    await eventually('the failure', () => failures === 1);
    await eventually('a scan that runs', async () => {
      await rig.queues.startScan();
      return order.length === 4;
    });
    expect(order).toEqual(['fetch one', 'signal one', 'risk one', 'alert one']);
  });

  it('refuses what an earlier step handed on in another shape', async () => {
    const { order, scanner } = steps();
    rig.work({
      scanner: { ...scanner('one'), fetch: async () => ({ symbols: 'AUSDT' }) as never },
    });
    await rig.queues.startScan();
    const ended = await eventually('the failure', async () => {
      const jobs = await queue('scan').getFailed();
      return jobs.find((each) => each.name === 'scan-signal');
    });
    expect(ended.failedReason).toContain('symbols');
    expect(order).toEqual([]);
  });
});

it('takes up what a killed worker left locked, in every queue', async () => {
  const left = await Promise.all(
    (['account', 'scan', 'upkeep', 'orders'] as const).map(async (name) => {
      const made = queue(name);
      const { id } = await made.add('nobody-knows', {});
      const killed = new Worker(name, null, {
        connection: rig.connect(),
        prefix: rig.prefix,
        lockDuration: 100,
        skipLockRenewal: true,
      });
      expect((await killed.getNextJob('killed'))?.id).toBe(id);
      await killed.close(true);
      return { made, id };
    }),
  );
  rig.work({});
  await Promise.all(left.map(({ made, id }) => failed(made, id)));
});

describe('ending the workers', () => {
  it('waits for the job under way', async () => {
    let finish = (): void => undefined;
    let begun = false;
    let done = false;
    const proposals = {
      ...rig.store.proposals,
      byId: async () => {
        begun = true;
        await new Promise<void>((resolve) => (finish = resolve));
        done = true;
        return undefined;
      },
    };
    const workers = rig.work({ ports: { proposals } });
    await rig.queues.work.execute('eth-long-1');
    await eventually('the job', () => Promise.resolve(begun));
    const closing = workers.close();
    finish();
    await closing;
    expect(done).toBe(true);
  });
});
