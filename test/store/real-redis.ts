import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial, createServer, type Server, type Socket } from 'node:net';
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
  const front = await openFront(join(dir, 'front.sock'), () => running.url);
  const connections: Redis[] = [];
  const stores: Store[] = [];
  const connect = (): Redis => {
    const redis = new Redis(front.path, { retryStrategy: () => 50, maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    connections.push(redis);
    return redis;
  };
  return {
    url: front.path,
    connect,
    store: (account = 'test') => {
      const redis = connect();
      const store = createStore(redis, account);
      stores.push(store);
      return { ...store, redis };
    },
    stop: async () => {
      await front.close();
      await running.stop();
    },
    restart: async () => {
      running = await start();
      await front.open();
    },
    close: async () => {
      for (const each of stores) each.close();
      for (const each of connections) each.disconnect();
      await front.close();
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A socket whose path stays the same while the server behind it changes. */
async function openFront(
  path: string,
  behind: () => string,
): Promise<{ path: string; open(): Promise<void>; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const open = async (): Promise<void> => {
    const made = createServer((client) => {
      const back = dial(behind());
      keep(client, back);
      keep(back, client);
      client.pipe(back).pipe(client);
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(path, resolve));
  };
  const close = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
    for (const each of sockets) each.destroy();
    await closed;
  };
  await open();
  return { path, open, close };
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
