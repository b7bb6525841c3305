import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { TrailStore } from '../../app/ports/trail-store.ts';
import { decode, encode, money } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

const schema = z.strictObject({
  positionId: z.string(),
  symbol: z.string(),
  share: money,
  signedBy: z.number().int(),
  signedAt: z.number(),
});

type Plan = Awaited<ReturnType<TrailStore['all']>>[number];

/** Which stops follow the price, in Redis: one field a position. */
export function createTrailStore(redis: Redis, keys: StoreKeys): TrailStore {
  return {
    all: async () =>
      Object.values(await redis.hgetall(keys.trails)).map((text) =>
        decode<Plan>(text, schema, 'stop that follows the price'),
      ),
    save: async (plan) => {
      const fields = [{ key: keys.trails, field: plan.positionId, value: encode(plan) }];
      await commit(redis, keys, { fields });
    },
    drop: async (positionId) => {
      await commit(redis, keys, { fields: [{ key: keys.trails, field: positionId }] });
    },
  };
}
