import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** How long a lease lives that nobody renews. */
export const LEASE_MS = 5_000;

const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** The right to be the one who does something, such as the one bot of an account. It ends by itself 5 s after its holder dies. */
export interface Lease {
  /** True when this process holds it now, newly or still. Call it every few seconds. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

export function createLease(redis: Redis, key: string): Lease {
  const holder = randomUUID();
  return {
    async hold() {
      const won = await redis.set(key, holder, 'PX', LEASE_MS, 'NX');
      if (won !== null) return true;
      return (await redis.eval(RENEW, 1, key, holder, LEASE_MS)) === 1;
    },
    async release() {
      await redis.eval(RELEASE, 1, key, holder);
    },
  };
}
