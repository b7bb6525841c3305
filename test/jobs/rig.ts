import type { Ports } from '../../src/app/ports/ports.ts';
import type { Scanner } from '../../src/app/scan/scan-market.ts';
import { createQueues, type Queues } from '../../src/jobs/queues/queues.ts';
import { startWorkers, type Workers } from '../../src/jobs/queues/workers.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { Redis } from 'ioredis';
import type { RealRedis } from '../store/real-redis.ts';

/** Queues and workers over a real Redis; what the jobs do is the test's own. */
export interface JobRig {
  readonly queues: Queues;
  readonly prefix: string;
  readonly store: Store;
  readonly logged: readonly string[];
  /** Starts one more set of workers, as another process has it. */
  work(over?: { scanner?: Partial<Scanner>; ports?: Partial<Ports> }): Workers;
  connect(): Redis;
  close(): Promise<void>;
}

const nothing = (): Promise<never> => Promise.reject(new Error('this job does nothing here'));
const IDLE: Scanner = { fetch: nothing, signal: nothing, risk: nothing, alert: nothing };

export async function openJobs(redis: RealRedis): Promise<JobRig> {
  const connections: Redis[] = [];
  const connect = (): Redis => {
    const made = new Redis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    made.on('error', () => undefined);
    connections.push(made);
    return made;
  };
  const main = connect();
  await main.flushall();
  const prefix = storeKeys('test').queues;
  const store = createStore(main, 'test');
  const queues = createQueues(connect(), prefix);
  const logged: string[] = [];
  const note = (message: string, fields?: unknown): void => {
    logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const log = { info: note, warn: note, error: note };
  const running = new Set<Workers>();
  return {
    queues,
    prefix,
    store,
    logged,
    work: (over = {}) => {
      const ports = {
        clock: { now: () => 0, speed: 1 },
        ...store,
        limitsStore: store.limits,
        work: queues.work,
        log,
        ...over.ports,
      } as unknown as Ports;
      const scanner = { ...IDLE, ...over.scanner };
      const workers = startWorkers({
        connection: connect(),
        prefix,
        context: { ports, scanner, startScan: queues.startScan },
        log,
      });
      running.add(workers);
      return {
        close: () => {
          running.delete(workers);
          return workers.close();
        },
      };
    },
    connect,
    close: async () => {
      await Promise.all([...running].map((each) => each.close()));
      await queues.close();
      store.close();
      for (const each of connections) each.disconnect();
    },
  };
}
