import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { StoreLoss } from '../app/ports/store-loss.ts';
import type { StoreKeys } from './keys.ts';

/** What a process, or the marker outside the store, knows of the store's identity. */
export const knownStore = z.object({
  /** Made with the store, and anew after each loss. */
  epoch: z.string().min(1),
  /** 1 for the first epoch, one more for each that follows. */
  sequence: z.number().int().positive(),
  /** Counts writes and never goes back within an epoch. */
  clock: z.number().int().nonnegative(),
  /** The largest number of an alert that was seen. */
  alert: z.number().int().nonnegative(),
});
export type KnownStore = Readonly<z.infer<typeof knownStore>>;

export interface Epoch {
  /**
   * A test write that also asks whether the store is the one that was known and as far on as it was. Where it is not, the store gets a
   * new epoch and numbers go on after those that were seen. Resolves to a loss until somebody has seen to it.
   */
  beat(): Promise<StoreLoss | undefined>;
  /** The loss was told. */
  settle(loss: StoreLoss): Promise<void>;
  /** A number that must not be given out again. */
  saw(alert: number): void;
  known(): KnownStore | undefined;
  /** What was known before this process; before the first beat. */
  recall(known: KnownStore): void;
}

// As one script, so that of several processes that see the same loss one makes the new epoch and the others take it over.
const BEAT = `
local epoch, alerts = KEYS[1], KEYS[2]
local id, sequence, clock, alert = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('TYPE', epoch).ok ~= 'hash' then redis.call('DEL', epoch) end
local had = redis.call('HMGET', epoch, 'id', 'sequence', 'clock', 'at')
local hadSequence, hadClock = tonumber(had[2]) or 0, tonumber(had[3]) or 0
local hadAlert = redis.call('TYPE', alerts).ok == 'string' and tonumber(redis.call('GET', alerts)) or 0
local kind = ''
if id ~= '' then
  if not had[1] then kind = 'emptied'
  elseif had[1] == id and (hadClock < clock or hadAlert < alert) then kind = 'older'
  elseif had[1] ~= id and hadSequence < sequence then kind = 'older'
  elseif had[1] ~= id and hadSequence == sequence then kind = 'another' end
end
local now = had[1]
local nowSequence = math.max(hadSequence, 1)
if kind ~= '' then
  nowSequence = math.max(hadSequence, sequence) + 1
  redis.call('HSET', epoch, 'lost', cjson.encode({kind = kind, at = at, from = tonumber(had[4]) or 0, alert = hadAlert, seen = alert}))
end
if kind ~= '' or not now then now = ARGV[5] end
local nowClock = math.max(hadClock, clock) + 1
local nowAlert = math.max(hadAlert, alert)
if nowAlert > hadAlert then redis.call('SET', alerts, nowAlert) end
redis.call('HSET', epoch, 'id', now, 'sequence', nowSequence, 'clock', nowClock, 'at', at)
return {now, nowSequence, nowClock, nowAlert, redis.call('HGET', epoch, 'lost') or ''}
`;

const SETTLE = `if redis.call('HGET', KEYS[1], 'lost') == ARGV[1] then return redis.call('HDEL', KEYS[1], 'lost') end return 0`;

const lostSchema = z.object({
  kind: z.enum(['emptied', 'older', 'another']),
  at: z.number(),
  from: z.number(),
  alert: z.number(),
  seen: z.number(),
});

export function createEpoch(redis: Redis, keys: StoreKeys): Epoch {
  let known: KnownStore | undefined;
  let highest = 0;
  const stored = new Map<StoreLoss, string>();
  return {
    beat: async () => {
      const { epoch = '', sequence = 0, clock = 0, alert = 0 } = known ?? {};
      const args = [epoch, sequence, clock, Math.max(alert, highest), randomUUID()];
      const reply = await redis.eval(BEAT, 2, keys.epoch, keys.alertNumber, ...args);
      const [id, nowSequence, nowClock, nowAlert, lost] = reply as [
        string,
        number,
        number,
        number,
        string,
      ];
      known = { epoch: id, sequence: nowSequence, clock: nowClock, alert: nowAlert };
      if (lost === '') return undefined;
      const loss = lossOf(lost);
      stored.set(loss, lost);
      return loss;
    },
    settle: async (loss) => {
      await redis.eval(SETTLE, 1, keys.epoch, stored.get(loss) ?? '');
      stored.delete(loss);
    },
    saw: (alert) => (highest = Math.max(highest, alert)),
    known: () => known,
    recall: (before) => (known ??= before),
  };
}

function lossOf(text: string): StoreLoss {
  const { kind, at, from, alert, seen } = lostSchema.parse(JSON.parse(text));
  return {
    kind,
    at,
    ...(from === 0 || kind !== 'older' ? {} : { from }),
    ...(seen <= alert ? {} : { alerts: { from: alert + 1, to: seen } }),
  };
}
