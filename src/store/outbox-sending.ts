import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { OutboxQueue } from '../app/ports/outbox.ts';
import { encode } from './codec.ts';
import { fenceCheck, fenced, refused } from './fence.ts';
import type { StoreKeys } from './keys.ts';

/** How long a sender has before another one may take the alert over; then it may arrive twice and says so. */
export const CLAIM_MS = 15_000;

const CLAIM = `
local fence = tonumber(ARGV[4])
${fenceCheck('KEYS[3]', 'fence')}
if not redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') then return 0 end
redis.call('HINCRBY', KEYS[2], ARGV[3], 1)
return 1
`;

type Sending = Pick<OutboxQueue, 'claim' | 'markSent' | 'markRevised' | 'release'>;

/** The sender's side of the outbox: one sender at a time has an alert, and what was sent leaves the queue. */
export function createSending(redis: Redis, keys: StoreKeys): Sending {
  const sender = randomUUID();
  return {
    claim: async (number) => {
      const fence = keys.fenceBy.number() ?? 0;
      const names = [keys.claim(number), keys.alertTries, keys.fence(keys.fenceBy.role)];
      const values = [sender, CLAIM_MS, number, fence];
      return (await redis.eval(CLAIM, 3, ...names, ...values).catch(refused)) === 1;
    },
    markSent: (number, message) =>
      fenced(redis, keys, [
        ['HSET', keys.alertMessages, String(number), encode(message)],
        ['ZREM', keys.outbox, String(number)],
        ['DEL', keys.claim(number)],
      ]),
    markRevised: (number) => fenced(redis, keys, [['ZREM', keys.revisions, String(number)]]),
    release: (number) => fenced(redis, keys, [['DEL', keys.claim(number)]]),
  };
}
