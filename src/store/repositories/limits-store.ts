import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { LimitsStore } from '../../app/ports/limits-store.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import type { LimitsRecord } from '../../domain/limits-record.ts';
import { decode, encode, isOtherKind, money, textAt } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import type { News } from '../news.ts';
import { commit } from '../transaction.ts';

const value = z.union([z.number(), money]);
const schema = z.strictObject({
  values: z.record(z.string(), value),
  last: z.record(
    z.string(),
    z.strictObject({ at: z.number(), by: z.number(), from: z.string(), to: z.string() }),
  ),
  pending: z.array(
    z.strictObject({
      id: z.string(),
      to: value,
      by: z.number(),
      askedAt: z.number(),
      effectiveAt: z.number(),
    }),
  ),
});

const NOTHING_CHANGED: LimitsRecord = { values: {}, last: {}, pending: [] };

/** Changed limits and waiting changes in Redis, with a journal of every step. */
export function createLimitsStore(redis: Redis, keys: StoreKeys, news: News): LimitsStore {
  return {
    read: async () => {
      const text = await textAt(redis, keys.limits, 'limits');
      if (text !== undefined) return decode<LimitsRecord>(text, schema, 'limits');
      // Limits that were changed once and are gone would silently be the defaults again, which may be looser.
      if ((await redis.exists(keys.limitsJournal)) === 1) throw new StoreUnreadable('limits');
      return NOTHING_CHANGED;
    },
    save: async ({ before, after, findings }) => {
      const known = await textAt(redis, keys.limits, 'limits');
      if ((known ?? encode(NOTHING_CHANGED)) !== encode(before)) return false;
      const stored = await commit(redis, keys, {
        expect: [{ key: keys.limits, value: known }],
        set: [{ key: keys.limits, value: encode(after) }],
        journal: { key: keys.limitsJournal, entry: encode({ before, after }) },
        findings,
        publish: keys.limitsChanged,
      });
      return stored !== undefined;
    },
    repair: async () => {
      const last = await lastJournalled(redis, keys);
      if (last === undefined) await redis.del(keys.limits);
      else await redis.set(keys.limits, encode(last));
      await redis.publish(keys.limitsChanged, '1');
      return last !== undefined;
    },
    onChange: (listener) => news.on(keys.limitsChanged, listener),
  };
}

const entrySchema = z.strictObject({ before: schema, after: schema });

/** What the journal says the limits are; undefined when it is gone too or cannot be read, and then it is dropped. */
async function lastJournalled(redis: Redis, keys: StoreKeys): Promise<LimitsRecord | undefined> {
  try {
    const [newest] = await redis.xrevrange(keys.limitsJournal, '+', '-', 'COUNT', 1);
    const text = newest?.[1][1] ?? '';
    return decode<{ after: LimitsRecord }>(text, entrySchema, 'journal of the limits').after;
  } catch (error) {
    if (!(error instanceof StoreUnreadable) && !isOtherKind(error)) throw error;
    await redis.del(keys.limitsJournal);
    return undefined;
  }
}
