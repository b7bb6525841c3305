/** A command on the machine's console that works on what Vigil has stored. */
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Config } from '../../config.ts';
import type { Place } from '../backup/backup.ts';
import { runningSocket } from '../redis/lock.ts';
import { startRedis } from '../redis/server.ts';

export interface ConsoleCommand {
  readonly config: Config;
  readonly say: (line: string) => void;
}

/**
 * Works on the Redis of the settings, or on Vigil's own: the one that runs, else one that is started for it. Rejects for a demo, which
 * keeps nothing.
 */
export async function withStore(
  { config, say }: ConsoleCommand,
  work: (redis: Redis, place: Place) => Promise<void>,
): Promise<void> {
  if (config.mode === 'demo') {
    throw new Error(
      'A demo keeps nothing that this command works on. Set VIGIL_MODE, as for npm start.',
    );
  }
  const place = placeOf(config);
  const dir = join(place.dataDir, 'redis');
  const url = config.redisUrl ?? (await runningSocket(dir));
  const log = { info: say, warn: say };
  const brought = await startRedis({ url, dir, persist: true, cacheDir: '.cache', log });
  const redis = new Redis(brought.url, { maxRetriesPerRequest: 1 });
  try {
    await work(redis, place);
  } finally {
    redis.disconnect();
    await brought.stop();
  }
}

/** Paper keeps its things in a folder of its own. */
const placeOf = ({ mode, dataDir, account }: Config): Place =>
  mode === 'paper'
    ? { dataDir: join(dataDir, 'paper'), account: `paper-${account}` }
    : { dataDir, account };
