import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { TellingStore } from '../../app/ports/telling.ts';
import { ALERT_KINDS } from '../../domain/alert.ts';
import { decode, encode, textAt } from '../codec.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import { loadAlert, recentAlerts } from './outbox-store.ts';
import type { StoreKeys } from '../keys.ts';

type Settings = Awaited<ReturnType<TellingStore['settings']>>;

const minute = z.int().min(0).max(1_439);
const settingsSchema = z.object({
  // A kind of a later version is none of ours.
  kinds: z.partialRecord(z.enum(ALERT_KINDS), z.enum(['on', 'silent', 'off'])),
  quiet: z.object({ from: minute, to: minute }).optional(),
  zone: z.string(),
  report: z.union([minute, z.literal('off')]).optional(),
  pictures: z.enum(['light', 'dark']).optional(),
});

const ALL_ON: Settings = { kinds: {}, zone: 'UTC' };

/** How the owner wants to be told. What is damaged counts as never set: then everything is told. */
export function createTellingStore(redis: Redis, keys: StoreKeys): TellingStore {
  return {
    settings: async () => {
      try {
        const text = await textAt(redis, keys.loudness, 'alert settings');
        return text === undefined
          ? ALL_ON
          : decode<Settings>(text, settingsSchema, 'alert settings');
      } catch (error) {
        if (error instanceof StoreUnreadable) return ALL_ON;
        throw error;
      }
    },
    save: async (settings) => void (await redis.set(keys.loudness, encode(settings))),
    states: async () => {
      const stored = Object.entries(await redis.hgetall(keys.alertStates));
      const states = await Promise.all(
        stored.map(async ([id, numbers]) => {
          const loads = numbers.split(' ').map((each) => loadAlert(redis, keys, Number(each)));
          const [first, ...others] = (await Promise.all(loads)).filter(
            (each) => each !== undefined,
          );
          return first === undefined ? undefined : { id, told: [first, ...others] as const };
        }),
      );
      return states.filter((each) => each !== undefined);
    },
    find: (number) => loadAlert(redis, keys, number),
    recent: (limit) => recentAlerts(redis, keys, limit),
    dropState: async (id) => void (await redis.hdel(keys.alertStates, id)),
    notePresence: async (at) => void (await redis.set(keys.presence, String(at))),
    lastReport: async () => (await textAt(redis, keys.lastReport, 'last report')) ?? undefined,
    noteReport: async (date) => void (await redis.set(keys.lastReport, date)),
    presentAt: async () => {
      const at = Number(await redis.get(keys.presence));
      return Number.isSafeInteger(at) && at > 0 ? at : undefined;
    },
  };
}
