import { LEASE_TIMES } from '../../domain/process/standing.ts';
import { createLease, type Lease } from '../../store/lease.ts';
import type { Wiring } from '../wiring.ts';

/** What only one process of an account does at a time. */
export type LedRole = 'bot' | 'stream';

export function createLeaseOf(
  role: LedRole,
  { redis, store }: Pick<Wiring, 'redis' | 'store'>,
): { readonly role: LedRole; readonly lease: Lease } {
  const keys = { lease: store.keys.lease(role), fence: store.keys.fence(role) };
  return { role, lease: createLease(redis, keys, LEASE_TIMES.leaseMs) };
}
