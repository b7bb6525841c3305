import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { decode, encode } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

/** What is kept of positions in one hash: one field a position. `what`: what a damaged one is called. */
export function byPosition<T extends { readonly positionId: string }>(
  redis: Redis,
  keys: StoreKeys,
  {
    key,
    schema,
    what,
  }: { readonly key: string; readonly schema: z.ZodType; readonly what: string },
) {
  return {
    all: async (): Promise<readonly T[]> =>
      Object.values(await redis.hgetall(key)).map((text) => decode<T>(text, schema, what)),
    save: async (kept: T): Promise<void> => {
      await commit(redis, keys, {
        fields: [{ key, field: kept.positionId, value: encode(kept) }],
      });
    },
    drop: async (positionId: string): Promise<void> => {
      await commit(redis, keys, { fields: [{ key, field: positionId }] });
    },
  };
}
