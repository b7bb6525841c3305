import type { Redis } from 'ioredis';

/** Tells this process what others published. Hints only: whoever listens reads the store for the truth. */
export interface News {
  /** Gives back what ends it. */
  on(channel: string, listener: (message: string) => void): () => void;
  close(): void;
}

/** Opens its own connection, because a subscribing one can do nothing else. */
export function createNews(redis: Redis): News {
  const subscriber = redis.duplicate({ enableOfflineQueue: true });
  const listeners = new Map<string, Set<(message: string) => void>>();
  // Errors are reported by the main connection; ioredis reconnects and subscribes again by itself.
  subscriber.on('error', () => undefined);
  subscriber.on('message', (channel: string, message: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  });
  return {
    on(channel, listener) {
      const known = listeners.get(channel);
      const all = known ?? new Set();
      all.add(listener);
      if (known === undefined) {
        listeners.set(channel, all);
        subscriber.subscribe(channel).catch(() => undefined);
      }
      return () => void all.delete(listener);
    },
    close: () => subscriber.disconnect(),
  };
}
