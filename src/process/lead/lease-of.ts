import { LEASE_TIMES } from '../../domain/process/standing.ts';
import type { Lease } from '../../store/lease.ts';
import type { Wiring } from '../wiring.ts';

/** What only one process of an account does at a time. */
export type LedRole = 'bot' | 'stream';

export const createLeaseOf = (
  role: LedRole,
  { store }: Pick<Wiring, 'store'>,
): { readonly role: LedRole; readonly lease: Lease } => ({
  role,
  lease: store.lease(role, LEASE_TIMES.leaseMs),
});
