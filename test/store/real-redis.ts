import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startRedis, type RunningRedis } from '../../src/process/redis/server.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { PATIENCE_MS } from '../patience.ts';

const quiet = { info: () => undefined, warn: () => undefined };

/** A real Redis in memory, for one test file. */
export interface RealRedis {
  /** Path of its socket; the same one after a restart. */
  readonly url: string;
  /** A connection of its own, closed with the rig. */
  connect(): Redis;
  /** A store over a connection of its own, as another process has it. */
  store(account?: string): Store & { readonly redis: Redis };
  /** Ends the server, as a crash of its machine does: what it knew is gone. */
  stop(): Promise<void>;
  /** Starts one again in the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openRedis(): Promise<RealRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-'));
  const start = (): Promise<RunningRedis> =>
    startRedis({ dir, persist: false, cacheDir: join(tmpdir(), 'vigil-cache'), log: quiet });
  let running = await start();
  // Each server has a socket of its own; what leads there keeps its path.
  const url = join(dir, 'now.sock');
  await symlink(running.url, url);
  const connections: Redis[] = [];
  const stores: Store[] = [];
  const connect = (): Redis => {
    const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    connections.push(redis);
    return redis;
  };
  return {
    url,
    connect,
    store: (account = 'test') => {
      const redis = connect();
      const store = createStore(redis, account);
      stores.push(store);
      return { ...store, redis };
    },
    stop: () => running.stop(),
    restart: async () => {
      running = await start();
      await rm(url);
      await symlink(running.url, url);
    },
    close: async () => {
      for (const each of stores) each.close();
      for (const each of connections) each.disconnect();
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What the check gives once it gives something; fails with `what` when it does not in time. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined> | T | undefined,
  ms = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
