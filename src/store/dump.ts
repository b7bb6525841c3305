/** All that is kept for one account, as plain entries that any Redis takes back, whatever its version. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { prefixOf } from './keys.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));
const stored = {
  key: z.string().min(1),
  /** Milliseconds that are left; absent: for ever. */
  expiresInMs: z.number().int().positive().optional(),
};

/** `key` is without the account's prefix, so that it can be put back under another name. */
export const entrySchema = z.discriminatedUnion('type', [
  z.strictObject({ ...stored, type: z.literal('string'), value: z.string() }),
  z.strictObject({ ...stored, type: z.literal('hash'), value: pairs }),
  z.strictObject({ ...stored, type: z.literal('list'), value: z.array(z.string()) }),
  z.strictObject({ ...stored, type: z.literal('set'), value: z.array(z.string()) }),
  z.strictObject({ ...stored, type: z.literal('zset'), value: pairs }),
  z.strictObject({
    ...stored,
    type: z.literal('stream'),
    value: z.array(z.tuple([z.string(), z.array(z.string())])),
  }),
]);
export type Entry = z.infer<typeof entrySchema>;

/**
 * Not kept: queues, because what an old order or closing asks for must not be done later (what is open is found again by
 * reconciling); candles, which the exchange tells again; and what lasts seconds.
 */
const PASSING = /^(bull:|candles:|lease:|alert:claim:|pulse:)/;
/** The numbers of leaders never go back, whatever is restored. */
const ONLY_GROWS = /^fence:/;
const SCAN_COUNT = 500;

/** Whether what has that name, without the prefix, is worth keeping. */
export const isKept = (name: string): boolean => !PASSING.test(name) && !ONLY_GROWS.test(name);

/** Every entry of the account, one after another. Each is whole; between two of them a running Vigil may write. */
export async function* dumpEntries(redis: Redis, account: string): AsyncGenerator<Entry> {
  for (const name of await namesOf(redis, account)) {
    if (!isKept(name)) continue;
    const entry = await entryAt(redis, prefixOf(account) + name, name);
    if (entry !== undefined) yield entry;
  }
}

/** Names of all that is kept for the account, without its prefix. */
export async function namesOf(redis: Redis, account: string): Promise<readonly string[]> {
  const prefix = prefixOf(account);
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, some] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', SCAN_COUNT);
    for (const each of some) found.add(each.slice(prefix.length));
    cursor = next;
  } while (cursor !== '0');
  return [...found].toSorted();
}

/** Undefined when it has ended meanwhile, or is of a kind that Vigil does not use. */
async function entryAt(redis: Redis, key: string, name: string): Promise<Entry | undefined> {
  const [type, left] = await Promise.all([redis.type(key), redis.pttl(key)]);
  const value = await valueAt(redis, key, type);
  const parsed = entrySchema.safeParse({
    key: name,
    type,
    ...(left > 0 ? { expiresInMs: left } : {}),
    value,
  });
  return parsed.success ? parsed.data : undefined;
}

async function valueAt(redis: Redis, key: string, type: string): Promise<unknown> {
  if (type === 'string') return redis.get(key);
  // Redis gives these in an order of its own.
  if (type === 'hash') return Object.entries(await redis.hgetall(key)).toSorted(byFirst);
  if (type === 'list') return redis.lrange(key, 0, -1);
  if (type === 'set') return (await redis.smembers(key)).toSorted();
  if (type === 'stream') return redis.xrange(key, '-', '+');
  if (type !== 'zset') return undefined;
  const flat = await redis.zrange(key, '0', '-1', 'WITHSCORES');
  return flat.flatMap((member, index) =>
    index % 2 === 0 ? [[member, flat[index + 1] ?? '0']] : [],
  );
}

const byFirst = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

/** Puts these entries in the place of all that is kept for the account, queues included: all of it or nothing. */
export async function loadEntries(
  redis: Redis,
  account: string,
  entries: readonly Entry[],
): Promise<void> {
  const prefix = prefixOf(account);
  const gone = (await namesOf(redis, account)).filter((name) => !ONLY_GROWS.test(name));
  const change = redis.multi();
  for (const name of gone) change.del(prefix + name);
  for (const entry of entries) put(change, prefix + entry.key, entry);
  const done = await change.exec();
  const failure = done?.find(([error]) => error !== null)?.[0];
  if (done === null || failure) throw failure ?? new Error('Redis did not take the backup');
}

function put(change: ReturnType<Redis['multi']>, key: string, entry: Entry): void {
  switch (entry.type) {
    case 'string':
      change.set(key, entry.value);
      break;
    case 'hash':
      for (const [field, value] of entry.value) change.hset(key, field, value);
      break;
    case 'list':
      for (const value of entry.value) change.rpush(key, value);
      break;
    case 'set':
      for (const value of entry.value) change.sadd(key, value);
      break;
    case 'zset':
      for (const [member, score] of entry.value) change.zadd(key, score, member);
      break;
    case 'stream':
      for (const [id, fields] of entry.value) change.xadd(key, id, ...fields);
      break;
  }
  if (entry.expiresInMs !== undefined) change.pexpire(key, entry.expiresInMs);
}
