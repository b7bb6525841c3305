/** One Redis for one folder: a lock file that names the process, so that two never write the same append-only file. */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { RedisLog } from './binary.ts';

const Holder = z.object({
  /** Process of the Vigil that took the folder. */
  owner: z.int(),
  /** Process of its Redis; absent until that has started. */
  redis: z.int().optional(),
  /** That Redis's socket, which its process title shows. */
  socket: z.string().optional(),
});
type Holder = z.infer<typeof Holder>;

export interface FolderLock {
  /** Notes the process that now uses the folder. */
  record(used: { redis: number; socket: string }): Promise<void>;
  release(): Promise<void>;
}

/** A former Redis flushes and ends within this; a restarted Vigil waits for it. */
const WAIT_MS = 15_000;
/** A Redis whose Vigil is gone should have ended by now: tell it to. */
const ORPHAN_MS = 2_000;
/** Folders that this process holds: its own number in a file says nothing, a container's is always 1. */
const held = new Set<string>();

/**
 * Takes the folder, waiting for a former Redis to end. Throws when another Vigil goes on using it, or when an orphaned
 * Redis does not end although it was told to.
 */
export async function lockFolder(dir: string, log: RedisLog): Promise<FolderLock> {
  const file = join(dir, 'redis.lock');
  const mine: Holder = { owner: process.pid };
  const since = performance.now();
  let reported = false;
  while (held.has(dir) || !(await create(file, mine))) {
    const holder = await holderOf(file);
    if (!held.has(dir) && (holder === undefined || !(await stillUsed(holder)))) {
      await discard(file);
      continue;
    }
    if (!reported) log.info(`Waiting for the former Redis in ${dir} to end…`);
    reported = true;
    const waited = performance.now() - since;
    if (waited > WAIT_MS) throw new Error(refusal(dir, holder));
    if (waited > ORPHAN_MS) await endOrphan(holder);
    await delay(50);
  }
  held.add(dir);
  return {
    record: (used) => replace(file, { ...mine, ...used }),
    release: async () => {
      await rm(file, { force: true });
      held.delete(dir);
    },
  };
}

/** The socket of the private Redis that now runs in the folder; undefined where none does. */
export async function runningSocket(dir: string): Promise<string | undefined> {
  const holder = await holderOf(join(dir, 'redis.lock'));
  return holder?.redis !== undefined && (await stillUsed(holder)) ? holder.socket : undefined;
}

/** Whole or not at all, so that nobody reads half of it. False when the file is there already. */
async function create(file: string, holder: Holder): Promise<boolean> {
  const draft = await write(file, holder);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function replace(file: string, holder: Holder): Promise<void> {
  await rename(await write(file, holder), file);
}

async function write(file: string, holder: Holder): Promise<string> {
  const draft = `${file}.${process.pid}.draft`;
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  return draft;
}

/** Undefined when nobody holds it or the file says nothing. */
async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return Holder.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Moves it aside first, so that of two who find it stale only one removes it. */
async function discard(file: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => {});
  await rm(aside, { force: true });
}

async function stillUsed(holder: Holder): Promise<boolean> {
  if (holder.redis !== undefined) return isRedis(holder.redis, holder.socket);
  return holder.owner !== process.pid && alive(holder.owner);
}

/** After a restart of the machine the number may belong to another program. */
async function isRedis(pid: number, socket = 'redis'): Promise<boolean> {
  if (!alive(pid)) return false;
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => socket);
  return title.includes(socket);
}

/** Its keeper was killed too; nobody else would end it. */
async function endOrphan(holder: Holder | undefined): Promise<void> {
  if (holder?.redis === undefined) return;
  if (alive(holder.owner) || !(await isRedis(holder.redis, holder.socket))) return;
  process.kill(holder.redis, 'SIGTERM');
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function refusal(dir: string, holder: Holder | undefined): string {
  return (
    `Another Vigil (process ${holder?.owner ?? 'unknown'}) uses ${dir}. ` +
    'Stop it first, or give this one a folder of its own with VIGIL_DATA_DIR.'
  );
}
