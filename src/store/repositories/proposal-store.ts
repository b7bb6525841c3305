import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ProposalStore } from '../../app/ports/proposal-store.ts';
import type { Finding } from '../../domain/alert.ts';
import { withStrategy } from '../../domain/signal.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import { transitionProposal, type Proposal, type ProposalEvent } from '../../domain/proposal.ts';
import { decode, encode, isOtherKind, money, textAt } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

const schema = z.looseObject({
  id: z.string().min(1),
  nonce: z.string().length(22),
  status: z.enum([
    'pending',
    'approved',
    'rejected',
    'expired',
    'superseded',
    'executing',
    'done',
    'refused',
    'unknown',
  ]),
  clientId: z.string().min(1),
  deadline: z.number(),
  card: z.string().optional(),
  approvedQty: money.optional(),
  levels: z.looseObject({ stop: money, target: money }).optional(),
  plan: z.looseObject({ entry: money, qty: money, notional: money, leverage: z.number() }),
  signal: z.looseObject({
    symbol: z.string(),
    side: z.enum(['long', 'short']),
    entry: money,
    stop: money,
    target: money,
  }),
});

const TRIES = 10;
const KEPT = 500;
/** Where `withStatus` looks: what is older was decided or has expired long ago. */
const LATEST = 100;

function parse(text: string): Proposal {
  const proposal = decode<Proposal>(text, schema, 'proposal');
  return { ...proposal, signal: withStrategy(proposal.signal) };
}

/**
 * Proposals in Redis: one record each, found by id or by the nonce in their buttons. Index and nonces are stored and forgotten
 * together, so that the loss of either, or of a record that the index names, is noticed: an entry on its way that is not listed
 * would leave room for another.
 */
export function createProposalStore(redis: Redis, keys: StoreKeys): ProposalStore {
  async function byId(id: string): Promise<Proposal | undefined> {
    const text = await textAt(redis, keys.proposal(id), 'proposal');
    return text === undefined ? undefined : parse(text);
  }

  async function create(proposal: Proposal, findings: readonly Finding[]): Promise<boolean> {
    const key = keys.proposal(proposal.id);
    const stored = await commit(redis, keys, {
      expect: [{ key, value: undefined }],
      set: [{ key, value: encode(proposal) }],
      fields: [{ key: keys.proposalNonces, field: proposal.nonce, value: proposal.id }],
      scored: [{ key: keys.proposals, score: proposal.createdAt, member: proposal.id }],
      findings,
    });
    if (stored !== undefined) await forgetOldest();
    return stored !== undefined;
  }

  async function forgetOldest(): Promise<void> {
    const old = await redis.zrange(keys.proposals, '0', String(-KEPT - 1));
    for (const id of old) {
      const proposal = await byId(id);
      const all = redis.multi().del(keys.proposal(id)).zrem(keys.proposals, id);
      if (proposal !== undefined) all.hdel(keys.proposalNonces, proposal.nonce);
      await all.exec();
    }
  }

  async function apply(id: string, event: ProposalEvent): Promise<Proposal | undefined> {
    const key = keys.proposal(id);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const text = await textAt(redis, key, 'proposal');
      if (text === undefined) return undefined;
      const next = transitionProposal(parse(text), event);
      if (next === undefined) return undefined;
      const stored = await commit(redis, keys, {
        expect: [{ key, value: text }],
        set: [{ key, value: encode(next) }],
      });
      if (stored !== undefined) return next;
    }
    throw new Error(`proposal "${id}" kept changing while it was being stored; try again`);
  }

  async function recent(limit: number): Promise<readonly Proposal[]> {
    const ids = await newestIds(redis, keys, limit);
    if (ids.length === 0) return [];
    const texts = await redis.mget(ids.map((each) => keys.proposal(each)));
    const gone = ids.filter((_id, index) => texts[index] === null);
    // The oldest may have been forgotten in between; then the index has forgotten it too.
    if (await anyListed(redis, keys, gone)) throw new StoreUnreadable(LIST);
    return texts.flatMap((text) => (text === null ? [] : [parse(text)]));
  }

  return {
    create,
    byId,
    byNonce: async (nonce) => {
      const id = await redis.hget(keys.proposalNonces, nonce);
      return id === null ? undefined : byId(id);
    },
    apply,
    recent,
    withStatus: async (status) => (await recent(LATEST)).filter((each) => each.status === status),
    repair: () => repairProposals(redis, keys),
  };
}

/** Read at one moment, and rejected unless index and nonces speak of equally many. */
async function newestIds(redis: Redis, keys: StoreKeys, limit: number): Promise<readonly string[]> {
  const replies = await redis
    .multi()
    .zcard(keys.proposals)
    .hlen(keys.proposalNonces)
    .zrevrange(keys.proposals, 0, limit - 1)
    .exec();
  const [count, nonces, ids] = (replies ?? []).map(([error, reply]) => {
    if (error !== null) throw isOtherKind(error) ? new StoreUnreadable(LIST, error) : error;
    return reply;
  });
  if (count !== nonces) throw new StoreUnreadable(LIST);
  return ids as readonly string[];
}

const LIST = 'list of proposals';

async function anyListed(redis: Redis, keys: StoreKeys, ids: readonly string[]): Promise<boolean> {
  const scores = await Promise.all(ids.map((each) => redis.zscore(keys.proposals, each)));
  return scores.some((each) => each !== null);
}

/**
 * Makes index and nonces anew from the records that can be read, and drops what cannot. The lists are read before the records: a
 * proposal that is made meanwhile is in neither or in both.
 */
async function repairProposals(redis: Redis, keys: StoreKeys): Promise<void> {
  if ((await redis.type(keys.proposals)) !== 'zset') await redis.del(keys.proposals);
  if ((await redis.type(keys.proposalNonces)) !== 'hash') await redis.del(keys.proposalNonces);
  const listed = await redis.zrange(keys.proposals, '0', '-1');
  const nonces = await redis.hgetall(keys.proposalNonces);
  const good: Proposal[] = [];
  const all = redis.multi();
  for await (const key of recordKeys(redis, keys)) {
    try {
      const text = await textAt(redis, key, 'proposal');
      if (text !== undefined) good.push(parse(text));
    } catch (error) {
      if (!(error instanceof StoreUnreadable)) throw error;
      all.del(key);
    }
  }
  const ids = new Set(good.map(({ id }) => id));
  for (const id of listed) if (!ids.has(id)) all.zrem(keys.proposals, id);
  for (const [nonce, id] of Object.entries(nonces))
    if (!ids.has(id)) all.hdel(keys.proposalNonces, nonce);
  for (const { id, nonce, createdAt } of good)
    all.zadd(keys.proposals, createdAt, id).hset(keys.proposalNonces, nonce, id);
  await all.exec();
}

async function* recordKeys(redis: Redis, keys: StoreKeys): AsyncGenerator<string> {
  for await (const found of redis.scanStream({ match: keys.proposal('*'), count: 500 }))
    for (const key of found as string[]) if (key !== keys.proposalNonces) yield key;
}
