import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { TimeStopStore } from '../../app/ports/time-stop-store.ts';
import { decode, encode } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

const schema = z.strictObject({
  positionId: z.string(),
  symbol: z.string(),
  at: z.number(),
  hours: z.number(),
  signedAt: z.number(),
});

type TimeStop = Awaited<ReturnType<TimeStopStore['all']>>[number];

/** Which positions their owner is to be asked about, in Redis: one field a position. */
export function createTimeStopStore(redis: Redis, keys: StoreKeys): TimeStopStore {
  return {
    all: async () =>
      Object.values(await redis.hgetall(keys.timeStops)).map((text) =>
        decode<TimeStop>(text, schema, 'time stop of a position'),
      ),
    save: async (stop) => {
      const fields = [{ key: keys.timeStops, field: stop.positionId, value: encode(stop) }];
      await commit(redis, keys, { fields });
    },
    drop: async (positionId) => {
      await commit(redis, keys, { fields: [{ key: keys.timeStops, field: positionId }] });
    },
  };
}
