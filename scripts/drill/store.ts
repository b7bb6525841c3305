/** The Redis of a drill: a real one in a process of its own that can be killed, frozen, filled, emptied and put back to an earlier state. */
import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedisBinary } from '../../src/process/redis/binary.ts';
import { launchRedis, newSocket } from '../../src/process/redis/child.ts';

export interface DrillStore {
  readonly url: string;
  kill(): Promise<void>;
  /** The same, with all that it has answered on its disk, which is up to 2 s behind on a busy machine. */
  killWritten(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Writes fail from now on, while a ping is answered. */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  /** Its disk takes nothing more: writes fail, as with a full one. */
  fillDisk(): Promise<void>;
  freeDisk(): Promise<void>;
  /** Everything is gone, schedules and halts too. */
  empty(): Promise<void>;
  /** Keeps its files as they are now, for `putBack`. */
  copy(): Promise<void>;
  /** Ends it and starts it with the files of the copy. */
  putBack(): Promise<void>;
  close(): Promise<void>;
}

const APPENDED = 'appendonlydir';
const quiet = { info: () => undefined, warn: () => undefined };

export async function openStore(folder: string): Promise<DrillStore> {
  const binary = await findRedisBinary({ cacheDir: '.cache', log: quiet });
  const socket = await newSocket();
  const dir = join(folder, 'redis');
  await mkdir(dir);
  const copyOf = join(folder, 'redis-copy');
  const launch = () => launchRedis({ binary, dir, persist: true, socket });
  let child = await launch();
  const signal = (name: NodeJS.Signals): void => void process.kill(child.pid, name);
  const kill = async (): Promise<void> => {
    signal('SIGKILL');
    await child.ended;
  };
  const start = async (): Promise<void> => {
    child = await launch();
  };
  const ask = async (work: (redis: Redis) => Promise<unknown>): Promise<void> => {
    const redis = new Redis(socket);
    await work(redis);
    redis.disconnect();
  };
  return {
    url: socket,
    kill,
    killWritten: async () => {
      await ask((redis) => redis.config('SET', 'appendfsync', 'always'));
      await kill();
    },
    start,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    fill: () => ask((redis) => redis.config('SET', 'maxmemory', '1')),
    makeRoom: () => ask((redis) => redis.config('SET', 'maxmemory', '0')),
    // The next file that it appends to is one that is always full.
    fillDisk: async () => {
      const files = await readdir(join(dir, APPENDED));
      const numbers = files.flatMap((each) => Number(/\.(\d+)\.incr\.aof$/.exec(each)?.[1] ?? 0));
      const next = `appendonly.aof.${Math.max(...numbers) + 1}.incr.aof`;
      await symlink('/dev/full', join(dir, APPENDED, next));
      await ask((redis) => redis.bgrewriteaof());
    },
    freeDisk: () =>
      ask(async (redis) => {
        await redis.config('SET', 'appendonly', 'no');
        await redis.config('SET', 'appendonly', 'yes');
      }),
    empty: () => ask((redis) => redis.flushall()),
    copy: () => cp(dir, copyOf, { recursive: true }),
    putBack: async () => {
      await kill();
      await rm(dir, { recursive: true });
      await cp(copyOf, dir, { recursive: true });
      await start();
    },
    close: async () => {
      try {
        signal('SIGCONT');
      } catch {
        // It has ended.
      }
      await child.stop();
    },
  };
}
