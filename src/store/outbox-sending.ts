import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { OutboxQueue } from '../app/ports/outbox.ts';
import { encode } from './codec.ts';
import type { StoreKeys } from './keys.ts';

/** How long a sender has before another one may take the alert over; then it may arrive twice and says so. */
const CLAIM_MS = 15_000;

type Sending = Pick<OutboxQueue, 'claim' | 'markSent' | 'markRevised' | 'release'>;

/** The sender's side of the outbox: one sender at a time has an alert, and what was sent leaves the queue. */
export function createSending(redis: Redis, keys: StoreKeys): Sending {
  const sender = randomUUID();
  return {
    claim: async (number) => {
      const won = await redis.set(keys.claim(number), sender, 'PX', CLAIM_MS, 'NX');
      if (won === null) return false;
      await redis.hincrby(keys.alertTries, String(number), 1);
      return true;
    },
    markSent: async (number, message) => {
      await redis
        .multi()
        .hset(keys.alertMessages, String(number), encode(message))
        .zrem(keys.outbox, String(number))
        .del(keys.claim(number))
        .exec();
    },
    markRevised: async (number) => {
      await redis.zrem(keys.revisions, String(number));
    },
    release: async (number) => {
      await redis.del(keys.claim(number));
    },
  };
}
