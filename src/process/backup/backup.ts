/** Saves all that matters of an account to a file, by itself every night, and puts it back. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { schedule } from 'node-cron';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import type { Config } from '../../config.ts';
import { formatClock, type Timestamp } from '../../domain/time.ts';
import { dumpEntries, loadEntries, type Entry } from '../../store/dump.ts';
import { storeKeys, type StoreKeys } from '../../store/keys.ts';
import { modeTextAfter } from '../../store/repositories/mode-store.ts';
import { isReadable, migrate, SCHEMA, schemaOf, UNNUMBERED } from '../../store/schema.ts';
import {
  backupFolder,
  backupName,
  keepNewest,
  readBackup,
  tooNew,
  writeBackup,
  type Backup,
} from './backup-file.ts';

export type Place = Pick<Config, 'dataDir' | 'account'>;

/** The machine's night, once a day: a wall time is meant. */
const NIGHT = { hour: 3, minute: 17 } as const;
const NIGHTLY = `${NIGHT.minute} ${NIGHT.hour} * * *`;
/** What was missed, because the machine slept, Vigil was down or the clock was set, is made up for within that, by the steady clock. */
const CATCH_UP_MS = 600_000;
const KEPT = 14;

/** Saves the account; resolves to the file. */
export async function backUp(
  redis: Redis,
  { dataDir, account }: Place,
  to: { readonly why: string; readonly file?: string },
): Promise<string> {
  const at = Date.now();
  const { why, file = join(backupFolder(dataDir), backupName(account, why, at)) } = to;
  const schema = (await schemaOf(redis, storeKeys(account), account)) ?? SCHEMA;
  const entries: Entry[] = [];
  for await (const entry of dumpEntries(redis, account)) entries.push(entry);
  await writeBackup(file, { account, at, schema, entries });
  return file;
}

/** Saves the account every night while `wanted`, and keeps the newest fourteen. Ends with the function that it returns. */
export function backUpNightly(
  redis: Redis,
  place: Place,
  { log, wanted }: { readonly log: Log; readonly wanted: () => boolean },
): () => void {
  const night = async (): Promise<void> => {
    if (!wanted() || !(await isNightDue(place, Date.now()))) return;
    const file = await backUp(redis, place, { why: 'nightly' });
    const folder = backupFolder(place.dataDir);
    await keepNewest(folder, { account: place.account, why: 'nightly', kept: KEPT });
    log.info('backed up', { file });
  };
  const look = (): Promise<void> =>
    night().catch((error: unknown) =>
      log.error('the nightly backup failed', { reason: messageOf(error) }),
    );
  const task = schedule(NIGHTLY, look);
  const timer = setInterval(() => void look(), CATCH_UP_MS);
  return () => {
    clearInterval(timer);
    void task.destroy();
  };
}

/** Whether nothing was saved since the last 03:17 of the machine's time. One of a time that has not come is none. */
export async function isNightDue({ dataDir, account }: Place, now: Timestamp): Promise<boolean> {
  const night = new Date(now);
  night.setHours(NIGHT.hour, NIGHT.minute, 0, 0);
  if (night.getTime() > now) night.setDate(night.getDate() - 1);
  const [from, to] = [night.getTime(), now].map((at) => backupName(account, 'nightly', at));
  const names = await readdir(backupFolder(dataDir)).catch(() => []);
  return !names.some(
    (each) => from !== undefined && to !== undefined && from <= each && each <= to,
  );
}

/**
 * Puts a backup in the place of what is stored, of which it first saves a copy: resolves to that copy's file. The next start halts
 * and reconciles with the exchange. Rejects, with nothing changed, while a Vigil runs or for a file that is no whole backup.
 */
export async function restore(redis: Redis, place: Place, file: string): Promise<string> {
  const keys = storeKeys(place.account);
  const backup = await readBackup(file);
  if (await isUsed(redis, keys)) {
    throw new Error(
      'Vigil still runs on this Redis. Stop it first, wait 10 seconds, and try again.',
    );
  }
  const copy = await backUp(redis, place, { why: 'before-restore' });
  await loadEntries(redis, place.account, toStartFrom(backup));
  await migrate(redis, keys, backup.schema);
  await writeFile(join(place.dataDir, `${place.account}.known`), `${KNOWN}\n`);
  return copy;
}

/** So long after its last note of itself a process counts as running; it makes one every second. */
const NOTE_MS = 10_000;

/** By the lease of whoever leads, and by the notes that each process of Vigil makes, a worker alone too. */
async function isUsed(redis: Redis, keys: StoreKeys): Promise<boolean> {
  if ((await redis.exists(keys.lease('bot'), keys.lease('stream'))) > 0) return true;
  const [noted, [seconds]] = await Promise.all([
    redis.hget(keys.epoch, 'at').catch(() => null),
    redis.time(),
  ]);
  return noted !== null && Math.abs(Number(seconds) * 1_000 - Number(noted)) < NOTE_MS;
}

const KNOWN = 'Vigil has run for this account before.';

/** Trading is halted, whatever it was; alerts that waited then may have been sent since, and say so. */
function toStartFrom({ entries, at }: Backup): readonly Entry[] {
  const reason = {
    trigger: 'restored',
    evidence: `A backup of ${new Date(at).toISOString().slice(0, 10)} ${formatClock(at)} UTC was restored: what came after it is not known.`,
    at: Date.now(),
  };
  const before = entries.find(({ key }) => key === 'mode');
  const text = before?.type === 'string' ? before.value : undefined;
  const mode = modeTextAfter(text, { kind: 'tighten', to: 'halted', reason });
  const waiting = entries.find(({ key }) => key === 'alert:outbox');
  const tries = entries.find(({ key }) => key === 'alert:tries');
  const tried = new Map(tries?.type === 'hash' ? tries.value : []);
  for (const [number] of waiting?.type === 'zset' ? waiting.value : []) {
    tried.set(number, String(Number.parseInt(tried.get(number) ?? '0', 10) + 1));
  }
  return [
    ...entries.filter(({ key }) => key !== 'mode' && key !== 'alert:tries'),
    { key: 'mode', type: 'string', value: mode },
    ...(tried.size === 0 ? [] : [{ key: 'alert:tries', type: 'hash' as const, value: [...tried] }]),
  ];
}

/** At a start: an older store is copied and made one of today. Rejects for one that a later version made. */
export async function openSchema(
  redis: Redis,
  place: Place,
  log: Pick<Log, 'info'>,
): Promise<void> {
  const keys = storeKeys(place.account);
  const found = await schemaOf(redis, keys, place.account);
  if (found !== undefined && !isReadable(found)) throw new Error(tooNew('What is stored', found));
  if (found !== undefined && found.version < SCHEMA.version) {
    const why =
      found.version === UNNUMBERED.version ? 'before-upgrade' : `version-${found.version}`;
    const file = await backUp(redis, place, { why });
    log.info('the store of an earlier version was copied', { version: found.version, file });
  }
  await migrate(redis, keys, found);
}
