import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { PulseName } from '../domain/alert.ts';
import type { Timestamp } from '../domain/time.ts';
import { decode, encode } from './codec.ts';
import { fenced } from './fence.ts';
import type { StoreKeys } from './keys.ts';
import type { News } from './news.ts';

/** When a process last kept watch over this account, by its own wall clock, and whether it then ended on purpose. */
export interface LastWatch {
  readonly at: Timestamp;
  readonly planned: boolean;
}

/** Pulses between the processes of one account. They are heard at once or not at all; only the last watch is kept. */
export interface PulseChannel {
  /** Says that this part has done its work. Rejects while the store is away. */
  beat(name: PulseName): Promise<void>;
  on(name: PulseName, listener: () => void): () => void;
  /** Notes that this process keeps watch, or has ended. Rejects where another one has led since. */
  noteWatch(watch: LastWatch): Promise<void>;
  /** Undefined before the first, and where it cannot be read. */
  lastWatch(): Promise<LastWatch | undefined>;
}

export const lastWatchSchema = z.object({ at: z.number(), planned: z.boolean() });

export function createPulseChannel(redis: Redis, keys: StoreKeys, news: News): PulseChannel {
  return {
    beat: async (name) => void (await redis.publish(keys.pulse(name), '')),
    on: (name, listener) => news.on(keys.pulse(name), listener),
    noteWatch: (watch) => fenced(redis, keys, [['SET', keys.lastWatch, encode(watch)]]),
    lastWatch: async () => {
      const text = await redis.get(keys.lastWatch).catch(() => null);
      try {
        return text === null ? undefined : decode<LastWatch>(text, lastWatchSchema, 'last watch');
      } catch {
        return undefined;
      }
    },
  };
}
