/** `npm run backup` and `npm run restore`: the Redis of the settings, or Vigil's own while Vigil is stopped. */
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Config } from '../../config.ts';
import { TEXT } from '../option-kinds.ts';
import { createCommand } from '../options.ts';
import { startRedis } from '../redis/server.ts';
import { backUp, restore, type Place } from './backup.ts';

const BACKUP = createCommand({
  run: 'npm run backup',
  options: {
    to: {
      takes: 'FILE',
      meaning: 'where it goes',
      kind: TEXT,
      otherwise: 'the folder "backups" in VIGIL_DATA_DIR',
    },
  },
  notes:
    "It holds what the account's figures, halts, limits and alerts are made of, and no key of the exchange. Vigil may run, except with a Redis of its own.",
});
const RESTORE = createCommand({
  run: 'npm run restore',
  options: {
    from: { takes: 'FILE', meaning: 'the backup', kind: TEXT, needed: true },
  },
  notes:
    'Stop Vigil first. What is stored now is saved beside the other backups. Vigil then starts halted and compares everything with the exchange.',
});

interface About {
  readonly config: Config;
  readonly say: (line: string) => void;
}

export async function runBackup(args: readonly string[], about: About): Promise<void> {
  if (args.includes('--help')) return about.say(BACKUP.usage);
  const { to } = BACKUP.read(args);
  await withRedis(about, async (redis, place) => {
    const name = to === undefined ? {} : { file: to };
    about.say(`Saved to ${await backUp(redis, place, { why: 'by-hand', ...name })}`);
  });
}

export async function runRestore(args: readonly string[], about: About): Promise<void> {
  if (args.includes('--help')) return about.say(RESTORE.usage);
  const { from } = RESTORE.read(args);
  await withRedis(about, async (redis, place) => {
    const copy = await restore(redis, place, from);
    about.say(`Restored. What was there before is in ${copy}`);
    about.say(
      'Vigil starts halted and compares everything with the exchange: start it with npm start.',
    );
  });
}

async function withRedis(
  { config, say }: About,
  work: (redis: Redis, place: Place) => Promise<void>,
): Promise<void> {
  if (config.mode === 'demo') {
    throw new Error(
      'A demo keeps nothing that is worth a backup. Set VIGIL_MODE, as for npm start.',
    );
  }
  const place = placeOf(config);
  const brought = await startRedis({
    url: config.redisUrl,
    dir: join(place.dataDir, 'redis'),
    persist: true,
    cacheDir: '.cache',
    log: { info: say, warn: say },
  });
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
