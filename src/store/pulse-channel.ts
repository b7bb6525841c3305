import type { Redis } from 'ioredis';
import type { PulseName } from '../domain/alert.ts';
import type { StoreKeys } from './keys.ts';
import type { News } from './news.ts';

/** Pulses between the processes of one account. They are heard at once or not at all; nothing of them is kept. */
export interface PulseChannel {
  /** Says that this part has done its work. Rejects while the store is away. */
  beat(name: PulseName): Promise<void>;
  on(name: PulseName, listener: () => void): () => void;
  /** Resolves when the store has taken a write: one that is full or read-only still answers a ping. */
  write(): Promise<void>;
}

/** What was written says nothing after so long. */
const WRITTEN_MS = 60_000;

export function createPulseChannel(redis: Redis, keys: StoreKeys, news: News): PulseChannel {
  return {
    beat: async (name) => void (await redis.publish(keys.pulse(name), '')),
    on: (name, listener) => news.on(keys.pulse(name), listener),
    write: async () => void (await redis.set(keys.written, '1', 'PX', WRITTEN_MS)),
  };
}
