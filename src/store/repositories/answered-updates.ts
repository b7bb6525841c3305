import type { Redis } from 'ioredis';
import type { AnsweredUpdates } from '../../app/ports/answered-updates.ts';
import { fenced } from '../fence.ts';
import type { StoreKeys } from '../keys.ts';

/** Telegram keeps what was not confirmed for a day; nobody sends so many in it. */
const KEPT = 10_000;

/** Sorted by id, so that the oldest are forgotten first. Ids of one bot never come again. */
export function createAnsweredUpdates(redis: Redis, keys: StoreKeys): AnsweredUpdates {
  return {
    has: async (id) => (await redis.zscore(keys.answered, String(id))) !== null,
    add: (id) =>
      fenced(redis, keys, [
        ['ZADD', keys.answered, String(id), String(id)],
        ['ZREMRANGEBYRANK', keys.answered, '0', String(-KEPT - 1)],
      ]),
  };
}
