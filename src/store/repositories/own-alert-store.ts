import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { OwnAlertStore } from '../../app/ports/own-alert-store.ts';
import { decode, encode, money, textAt } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import type { News } from '../news.ts';
import { commit } from '../transaction.ts';

type OwnAlerts = Awaited<ReturnType<OwnAlertStore['list']>>;

const condition = z.union([
  z.object({ kind: z.literal('price'), price: money, towards: z.enum(['up', 'down']) }),
  z.object({
    kind: z.literal('move'),
    share: money,
    windowMs: z.number(),
    level: money.optional(),
  }),
  z.object({ kind: z.literal('funding'), share: money, signed: z.boolean() }),
]);
const schema = z.array(
  z.object({
    id: z.int().positive(),
    symbol: z.string(),
    condition,
    repeat: z.boolean(),
    madeAt: z.number(),
    told: z.int(),
    resting: z.literal(true).optional(),
  }),
);
const WHAT = 'list of your own alerts';
/** So often a change is made anew when somebody else was faster. */
const TRIES = 20;

/** What the owner has asked to be told of, in Redis: one text. */
export function createOwnAlertStore(redis: Redis, keys: StoreKeys, news: News): OwnAlertStore {
  const read = async (): Promise<{ text: string | undefined; own: OwnAlerts }> => {
    const text = await textAt(redis, keys.ownAlerts, WHAT);
    return { text, own: text === undefined ? [] : decode<OwnAlerts>(text, schema, WHAT) };
  };
  return {
    list: async () => (await read()).own,
    change: async (change) => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { text, own } = await read();
        const after = change(own);
        if (after === undefined) return own;
        const stored = await commit(redis, keys, {
          expect: [{ key: keys.ownAlerts, value: text }],
          set: [{ key: keys.ownAlerts, value: encode(after) }],
          publish: keys.ownAlertsChanged,
        });
        if (stored !== undefined) return after;
      }
      throw new Error('your own alerts are being changed by somebody else all the time');
    },
    onChange: (listener) => news.on(keys.ownAlertsChanged, listener),
  };
}
