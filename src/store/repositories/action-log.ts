import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ActionLog } from '../../app/ports/action-log.ts';
import { REVOCABLE } from '../../domain/own-action.ts';
import { DAY } from '../../domain/time.ts';
import { decode, encode, money } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

type OwnAction = Awaited<ReturnType<ActionLog['since']>>[number];

const at = z.number();
const schema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('close'),
    positionId: z.string(),
    card: z.string().optional(),
    at,
  }),
  z.strictObject({
    kind: z.literal('revoke'),
    positionId: z.string(),
    what: z.enum(REVOCABLE),
    at,
  }),
  z.strictObject({
    kind: z.literal('reduce'),
    positionId: z.string(),
    clientId: z.string(),
    at,
  }),
  z.strictObject({
    kind: z.literal('protect'),
    positionId: z.string(),
    stop: money.optional(),
    target: money.optional(),
    at,
  }),
  z.strictObject({
    kind: z.literal('remove-stop'),
    positionId: z.string(),
    stop: money,
    at,
  }),
  z.strictObject({ kind: z.literal('cancel-order'), orderId: z.string(), at }),
  z.strictObject({ kind: z.literal('leverage'), symbol: z.string(), leverage: z.number(), at }),
]);

const KEPT_MS = 2 * DAY;

/** What Vigil asked the exchange for in the last two days, by time. */
export function createActionLog(redis: Redis, keys: StoreKeys): ActionLog {
  return {
    note: async (action) => {
      await commit(redis, keys, {
        cut: [{ key: keys.actions, from: 0, to: action.at - KEPT_MS }],
        scored: [{ key: keys.actions, score: action.at, member: encode(action) }],
      });
    },
    since: async (from) =>
      (await redis.zrangebyscore(keys.actions, from, '+inf')).map((text) =>
        decode<OwnAction>(text, schema, 'list of own actions'),
      ),
  };
}
