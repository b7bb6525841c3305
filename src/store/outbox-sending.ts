import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { OutboxQueue } from '../app/ports/outbox.ts';
import { encode } from './codec.ts';
import { fenceCheck, fenced, refused, type Fence } from './fence.ts';
import type { StoreKeys } from './keys.ts';

/**
 * How long a sender has before another one may take the alert over; then it may arrive twice and says so. Where somebody else leads in
 * the sender's role since, it may be taken over at once: what endangers the account waits for no dead process.
 */
export const CLAIM_MS = 15_000;

/** What a claim holds: role and number of the leader in whose name it is made, 0 for none, and one sender of it. */
export const claimOf = ({ role, number }: Fence, sender: string): string =>
  `${role}:${number() ?? 0}:${sender}`;

const CLAIM = `
local fence = tonumber(ARGV[4])
${fenceCheck('KEYS[3]', 'fence')}
local held = redis.call('GET', KEYS[1])
if held then
  local role, number = string.match(held, '^(%a+):([1-9]%d*):')
  if not role or (tonumber(redis.call('GET', ARGV[5] .. role) or '0') or 0) <= tonumber(number) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
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
      const claim = claimOf(keys.fenceBy, sender);
      const values = [claim, CLAIM_MS, number, fence, keys.fence('')];
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
