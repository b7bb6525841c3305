import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { PolicyStore } from '../../app/ports/policy-store.ts';
import { decode, encode, textAt } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit } from '../transaction.ts';

const schema = z.strictObject({
  signedBy: z.number().int(),
  signedAt: z.number(),
  triggers: z.array(z.string()).min(1),
  reach: z.enum(['all', 'losing']),
});

type Policy = NonNullable<Awaited<ReturnType<PolicyStore['read']>>>;

/** The signed flatten policy in Redis, with a journal of every signature and revocation. */
export function createPolicyStore(redis: Redis, keys: StoreKeys): PolicyStore {
  return {
    read: async () => {
      const text = await textAt(redis, keys.policy, 'flatten policy');
      return text === undefined ? undefined : decode<Policy>(text, schema, 'flatten policy');
    },
    save: async (policy, finding) => {
      const value = policy === undefined ? undefined : encode(policy);
      await commit(redis, keys, {
        ...(value === undefined
          ? { remove: [keys.policy] }
          : { set: [{ key: keys.policy, value }] }),
        journal: { key: keys.policyJournal, entry: value ?? encode('revoked') },
        findings: [finding],
      });
    },
  };
}
