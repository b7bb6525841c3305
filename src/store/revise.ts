import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Finding, Revision } from '../domain/alert.ts';
import { decode, encode } from './codec.ts';
import { fenced } from './fence.ts';
import type { StoreKeys } from './keys.ts';

/** What is changed here; the rest stays as it was stored. */
const storedSchema = z.looseObject({ title: z.string(), lines: z.array(z.string()) });

/** What the message of that key shows from now on. False, and nothing happens, where it was never told. */
export async function reviseStored(
  redis: Redis,
  keys: StoreKeys,
  { key, ...change }: Revision,
): Promise<boolean> {
  const number = await redis.hget(keys.alertKeys, key);
  const stored = number === null ? null : await redis.hget(keys.alerts, number);
  if (number === null || stored === null) return false;
  const before = decode<Finding>(stored, storedSchema, 'alert');
  const { buttons: _gone, good: _before, stakes, ...rest } = before;
  // A good end endangers nothing any more, also where the first message has not gone out yet.
  const still = change.good === true || stakes === undefined ? {} : { stakes };
  await fenced(redis, keys, [
    ['HSET', keys.alerts, number, encode({ ...rest, ...still, ...change })],
    ['ZADD', keys.revisions, number, number],
    ['PUBLISH', keys.alertNews, number],
  ]);
  return true;
}
