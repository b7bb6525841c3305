import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ActStore } from '../../app/ports/act-store.ts';
import { DAY } from '../../domain/time.ts';
import { decode, encode, money } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

type OwnAct = Awaited<ReturnType<ActStore['since']>>[number];

const at = z.number();
const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('close'), positionId: z.string(), at }),
  z.strictObject({
    kind: z.literal('protect'),
    positionId: z.string(),
    stop: money.optional(),
    target: money.optional(),
    at,
  }),
  z.strictObject({ kind: z.literal('cancel-order'), orderId: z.string(), at }),
  z.strictObject({ kind: z.literal('leverage'), symbol: z.string(), leverage: z.number(), at }),
]);

const KEPT_MS = 2 * DAY;

/** What Vigil asked the exchange for in the last two days, by time. */
export function createActStore(redis: Redis, keys: StoreKeys): ActStore {
  return {
    note: async (act) => {
      await commit(redis, keys, {
        cut: [{ key: keys.acts, from: 0, to: act.at - KEPT_MS }],
        scored: [{ key: keys.acts, score: act.at, member: encode(act) }],
      });
    },
    since: async (from) =>
      (await redis.zrangebyscore(keys.acts, from, '+inf')).map((text) =>
        decode<OwnAct>(text, schema, 'list of own acts'),
      ),
  };
}
