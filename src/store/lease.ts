import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { News } from './news.ts';

/**
 * The store ends a lease by its own wall clock: one that was set back, or a machine that came up with an older time, would keep a dead
 * holder's for as long. None lives longer than a lease does; a living holder renews it.
 */
const cut = (leaseMs: string): string => `
local left = redis.call('PTTL', KEYS[1])
if left == -1 or left > tonumber(${leaseMs}) then redis.call('PEXPIRE', KEYS[1], ${leaseMs}) end
`;
/**
 * The lease and its number in one step. The number grows with each new holder and never falls below what anybody here has seen, also where
 * the store has forgotten it; a holder whose lease ran out while nobody else took it goes on under its old one.
 */
const HOLD = `
${cut('ARGV[2]')}
local held = redis.call('GET', KEYS[1])
local last = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') or 0, tonumber(ARGV[3]))
local mine = tonumber(ARGV[4])
if held and held ~= ARGV[1] then return {0, last} end
if not held and mine > 0 and last > mine then return {0, last} end
if mine == 0 or last ~= mine then last = last + 1 end
redis.call('SET', KEYS[2], last)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1, last}
`;
/** Writes beside the lease: a store that is full or read-only still answers who holds it, and gives it to nobody. */
const LOOK = `
redis.call('SET', KEYS[3], 1, 'PX', ARGV[1])
${cut('ARGV[1]')}
local there = redis.call('PUBSUB', 'NUMSUB', KEYS[1])[2]
return {redis.call('EXISTS', KEYS[1]), tonumber(redis.call('GET', KEYS[2]) or '0') or 0, there}
`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** The right to be the one who does something, such as the one bot of an account. It ends by itself when its holder dies. */
export interface Lease {
  /**
   * The fencing number under which this process holds it now, newly or still; undefined: another one does, or did since. Call it every
   * few seconds. Rejects while the store is away.
   */
  hold(): Promise<number | undefined>;
  /** Whether nobody holds it. Rejects while the store is away or takes no writes. */
  isFree(): Promise<boolean>;
  /**
   * Whether the newest such look found less than was known before, or no number of a holder although one is connected: the store has lost
   * what it had, a lease that is held still perhaps too.
   */
  hasForgotten(): boolean;
  /** Gives it up, where it is this process's. */
  release(): Promise<void>;
}

export interface LeaseKeys {
  readonly lease: string;
  /** Where the number of the newest holder is. */
  readonly fence: string;
}

/** `leaseMs`: how long it lives when nobody renews it. `news`: by listening there whoever has held it is known to be there. */
export function createLease(
  redis: Redis,
  keys: LeaseKeys,
  { leaseMs, news }: { readonly leaseMs: number; readonly news: Pick<News, 'on'> },
): Lease {
  const holder = randomUUID();
  let seen = 0;
  let mine = 0;
  let forgotten = false;
  let listens = false;
  return {
    async hold() {
      const reply = await redis.eval(HOLD, 2, keys.lease, keys.fence, holder, leaseMs, seen, mine);
      const [held, number] = reply as [number, number];
      seen = Math.max(seen, number);
      mine = held === 1 ? number : 0;
      if (held === 1 && !listens) {
        listens = true;
        news.on(keys.lease, () => undefined);
      }
      return held === 1 ? number : undefined;
    },
    async isFree() {
      const probe = `${keys.lease}:look`;
      const reply = await redis.eval(LOOK, 3, keys.lease, keys.fence, probe, leaseMs);
      const [held, number, there] = reply as [number, number, number];
      forgotten = number < seen || (number === 0 && there > 0);
      seen = Math.max(seen, number);
      return held === 0;
    },
    hasForgotten: () => forgotten,
    async release() {
      mine = 0;
      await redis.eval(RELEASE, 1, keys.lease, holder);
    },
  };
}
