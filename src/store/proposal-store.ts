import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ProposalStore } from '../app/ports.ts';
import type { Finding } from '../domain/alert.ts';
import { transitionProposal, type Proposal, type ProposalEvent } from '../domain/proposal.ts';
import { decode, encode, money } from './codec.ts';
import type { StoreKeys } from './keys.ts';
import { commit } from './transaction.ts';

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
  plan: z.looseObject({ qty: money, notional: money, leverage: z.number() }),
  signal: z.looseObject({
    symbol: z.string(),
    side: z.enum(['long', 'short']),
    entry: money,
    stop: money,
    target: money,
  }),
});

const TRIES = 10;
/** Proposals that `recent` and `withStatus` can see. */
const KEPT = 500;

/** Proposals in Redis: one record each, found by id or by the nonce in their buttons. */
export function createProposalStore(redis: Redis, keys: StoreKeys): ProposalStore {
  const parse = (text: string): Proposal => decode<Proposal>(text, schema, 'proposal');

  async function byId(id: string): Promise<Proposal | undefined> {
    const text = await redis.get(keys.proposal(id));
    return text === null ? undefined : parse(text);
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
      if (proposal !== undefined) await redis.hdel(keys.proposalNonces, proposal.nonce);
      await redis.multi().del(keys.proposal(id)).zrem(keys.proposals, id).exec();
    }
  }

  async function apply(id: string, event: ProposalEvent): Promise<Proposal | undefined> {
    const key = keys.proposal(id);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const text = await redis.get(key);
      if (text === null) return undefined;
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
    const ids = await redis.zrevrange(keys.proposals, 0, limit - 1);
    const found = await Promise.all(ids.map(byId));
    return found.filter((each) => each !== undefined);
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
    withStatus: async (status) => (await recent(KEPT)).filter((each) => each.status === status),
  };
}
