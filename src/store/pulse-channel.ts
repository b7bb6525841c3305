import type { Redis } from 'ioredis';
import type { PulseName } from '../domain/alert.ts';
import type { StoreKeys } from './keys.ts';
import type { News } from './news.ts';

/** Pulses between the processes of one account. They are heard at once or not at all; nothing of them is kept. */
export interface PulseChannel {
  /** Says that this part has done its work. Rejects while the store is away. */
  beat(name: PulseName): Promise<void>;
  on(name: PulseName, listener: () => void): () => void;
}

export function createPulseChannel(redis: Redis, keys: StoreKeys, news: News): PulseChannel {
  return {
    beat: async (name) => void (await redis.publish(keys.pulse(name), '')),
    on: (name, listener) => news.on(keys.pulse(name), listener),
  };
}
