import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { PlaceStore } from '../../app/ports/place-store.ts';
import { PLACES } from '../../domain/signal.ts';
import { decode, encode } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

const schema = z.object({
  place: z.enum(PLACES),
  by: z.enum(['owner', 'record']),
  at: z.number(),
});

/** Where strategies were put, in Redis: one field a strategy. */
export function createPlaceStore(redis: Redis, keys: StoreKeys): PlaceStore {
  return {
    read: async () => {
      const stored = await redis.hgetall(keys.places);
      return new Map(
        Object.entries(stored).map(([name, text]) => [
          name,
          decode<z.infer<typeof schema>>(text, schema, 'place of a strategy'),
        ]),
      );
    },
    save: async (strategy, change) => {
      const value = encode(change);
      await commit(redis, keys, { fields: [{ key: keys.places, field: strategy, value }] });
    },
  };
}
