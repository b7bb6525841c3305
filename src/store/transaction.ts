import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { rankOf, type Finding, type Revision } from '../domain/alert.ts';
import { encode } from './codec.ts';
import { fenceCheck, refused } from './fence.ts';
import type { StoreKeys } from './keys.ts';
import { reviseStored } from './revise.ts';

/** What is stored together or not at all. */
export interface Transaction {
  /** Values that must still be what was read (undefined: still absent); else nothing is stored. */
  readonly expect?: readonly { readonly key: string; readonly value: string | undefined }[];
  readonly set?: readonly { readonly key: string; readonly value: string }[];
  readonly remove?: readonly string[];
  /** Members whose score is from `from` to `to`, both included, go before `scored` is added. */
  readonly cut?: readonly { readonly key: string; readonly from: number; readonly to: number }[];
  readonly scored?: readonly {
    readonly key: string;
    readonly score: number;
    readonly member: string;
  }[];
  /** Without a value the field goes. */
  readonly fields?: readonly {
    readonly key: string;
    readonly field: string;
    readonly value?: string;
  }[];
  readonly journal?: { readonly key: string; readonly entry: string };
  readonly findings?: readonly Finding[];
  /** Earlier alerts that show something else from now on; after all else, and not stored where this process dies in between. `otherwise` is told where that one never was. */
  readonly revisions?: readonly (Revision & { readonly otherwise?: Finding })[];
  /** Channel that is told when all is stored. */
  readonly publish?: string;
  /** The findings are claimed for this sender at once, for so many milliseconds. */
  readonly claim?: { readonly sender: string; readonly ms: number };
  /** Stored whoever leads: a tightening, an alert. */
  readonly byAnybody?: true;
}

/** Alerts kept for catch-up and for knowing what was already told. One that still waits to be sent is kept longer. */
const ALERTS_KEPT = 5_000;
const JOURNAL_KEPT = 1_000;

// One script, because Redis runs a script as a whole: there is no moment at which half of a change can be seen or lost. A command
// that fails would end it half done, so a key of another kind, in which nothing can be read, goes first; and where the count of
// alerts was lost, none that still waits is overwritten.
const SCRIPT = `
local tx = cjson.decode(ARGV[1])
${fenceCheck('KEYS[9]', 'tx.fence')}local function kind(key) return redis.call('TYPE', key).ok end
local function fit(key, meant)
  local found = kind(key)
  if found ~= 'none' and found ~= meant then redis.call('DEL', key) end
end
for _, e in ipairs(tx.expect) do
  local now = kind(e[1]) == 'string' and redis.call('GET', e[1])
  if e[2] == '' then
    if now then return false end
  elseif now ~= string.sub(e[2], 2) then return false end
end
for _, s in ipairs(tx.set) do redis.call('SET', s[1], s[2]) end
for _, key in ipairs(tx.remove) do redis.call('DEL', key) end
for _, c in ipairs(tx.cut) do fit(c[1], 'zset') redis.call('ZREMRANGEBYSCORE', c[1], c[2], c[3]) end
for _, z in ipairs(tx.scored) do fit(z[1], 'zset') redis.call('ZADD', z[1], z[2], z[3]) end
for _, h in ipairs(tx.fields) do fit(h[1], 'hash') if h[3] then redis.call('HSET', h[1], h[2], h[3]) else redis.call('HDEL', h[1], h[2]) end end
for _, j in ipairs(tx.journal) do fit(j[1], 'stream') redis.call('XADD', j[1], 'MAXLEN', '~', ${JOURNAL_KEPT}, '*', 'entry', j[2]) end
local numbers = {}
if #tx.findings > 0 then
  fit(KEYS[1], 'string')
  if not tonumber(redis.call('GET', KEYS[1]) or '0') then redis.call('DEL', KEYS[1]) end
  fit(KEYS[2], 'hash')
  fit(KEYS[3], 'hash')
  fit(KEYS[4], 'zset')
end
for i, f in ipairs(tx.findings) do
  if redis.call('HEXISTS', KEYS[3], f[1]) == 1 then
    numbers[i] = 0
  else
    local n = redis.call('INCR', KEYS[1])
    while redis.call('HEXISTS', KEYS[2], n) == 1 do n = redis.call('INCR', KEYS[1]) end
    redis.call('HSET', KEYS[3], f[1], n)
    redis.call('HSET', KEYS[2], n, f[2])
    redis.call('ZADD', KEYS[4], f[3] * 1000000000000 + n, n)
    if f[4] ~= '' then
      fit(KEYS[10], 'hash')
      local told = redis.call('HGET', KEYS[10], f[4])
      redis.call('HSET', KEYS[10], f[4], told and (told .. ' ' .. n) or n)
    end
    numbers[i] = n
    if tx.claim then
      redis.call('SET', tx.claim[1] .. n, tx.claim[2], 'PX', tx.claim[3])
      fit(KEYS[7], 'hash')
      redis.call('HINCRBY', KEYS[7], n, 1)
    end
    local old = tostring(n - ${ALERTS_KEPT})
    local gone = redis.call('HGET', KEYS[2], old)
    if gone and not redis.call('ZSCORE', KEYS[4], old) then
      fit(KEYS[6], 'hash')
      fit(KEYS[7], 'hash')
      fit(KEYS[8], 'zset')
      redis.call('HDEL', KEYS[3], cjson.decode(gone).key)
      redis.call('HDEL', KEYS[2], old)
      redis.call('HDEL', KEYS[6], old)
      redis.call('HDEL', KEYS[7], old)
      redis.call('ZREM', KEYS[8], old)
    end
    redis.call('PUBLISH', KEYS[5], n)
  end
end
for _, channel in ipairs(tx.publish) do redis.call('PUBLISH', channel, '1') end
return numbers
`;

/**
 * Stores a transaction. Returns the numbers that its findings got (0: that key was already told), or undefined when an
 * expected value had changed and so nothing was stored. Rejects with LedByAnother, storing nothing, where this process led and
 * another one has led since.
 */
export async function commit(
  redis: Redis,
  keys: StoreKeys,
  tx: Transaction,
): Promise<readonly number[] | undefined> {
  const wire = {
    // A leading "=" keeps "absent" and "empty text" apart.
    expect: (tx.expect ?? []).map(({ key, value }) => [
      key,
      value === undefined ? '' : `=${value}`,
    ]),
    set: (tx.set ?? []).map(({ key, value }) => [key, value]),
    remove: tx.remove ?? [],
    cut: (tx.cut ?? []).map(({ key, from, to }) => [key, from, to]),
    scored: (tx.scored ?? []).map(({ key, score, member }) => [key, score, member]),
    fields: (tx.fields ?? []).map(({ key, field, value }) => [
      key,
      field,
      ...(value === undefined ? [] : [value]),
    ]),
    journal: tx.journal === undefined ? [] : [[tx.journal.key, tx.journal.entry]],
    findings: (tx.findings ?? []).map((each) => [
      each.key,
      encode(each),
      rankOf(each),
      each.state?.id ?? '',
    ]),
    publish: tx.publish === undefined ? [] : [tx.publish],
    ...(tx.claim && { claim: [keys.claim(''), tx.claim.sender, tx.claim.ms] }),
    fence: tx.byAnybody === true ? 0 : (keys.fenceBy.number() ?? 0),
  };
  const keyNames = [
    keys.alertNumber,
    keys.alerts,
    keys.alertKeys,
    keys.outbox,
    keys.alertNews,
    keys.alertMessages,
    keys.alertTries,
    keys.revisions,
    keys.fence(keys.fenceBy.role),
    keys.alertStates,
  ];
  const reply = (await run(redis, keyNames, JSON.stringify(wire)).catch(refused)) as
    | number[]
    | null;
  const told = (tx.findings ?? []).filter((_each, index) => (reply?.[index] ?? 0) > 0);
  const revisions = [...(tx.revisions ?? []), ...told.flatMap(({ revises = [] }) => revises)];
  if (reply !== null) for (const each of revisions) await revise(redis, keys, each);
  return reply ?? undefined;
}

/** An edit of an old message is no reason for the change itself to fail: it is stored. */
async function revise(
  redis: Redis,
  keys: StoreKeys,
  { otherwise, ...revision }: NonNullable<Transaction['revisions']>[number],
): Promise<void> {
  const known = await reviseStored(redis, keys, revision).catch(() => otherwise === undefined);
  if (!known && otherwise !== undefined)
    await commit(redis, keys, { findings: [otherwise], byAnybody: true });
}

/** From now on Redis carries a transaction out at the first asking. */
export async function learnScript(redis: Redis): Promise<void> {
  const [known] = (await redis.script('EXISTS', SHA)) as number[];
  if (known !== 1) await redis.script('LOAD', SCRIPT);
}

const SHA = createHash('sha1').update(SCRIPT).digest('hex');

/** By its digest, because sending the whole script each time costs as much as all the rest of a touched stop's way. */
async function run(redis: Redis, keyNames: readonly string[], wire: string): Promise<unknown> {
  try {
    return await redis.evalsha(SHA, keyNames.length, ...keyNames, wire);
  } catch (error) {
    const unknownScript = error instanceof Error && error.message.startsWith('NOSCRIPT');
    if (!unknownScript) throw error;
    return redis.eval(SCRIPT, keyNames.length, ...keyNames, wire);
  }
}
