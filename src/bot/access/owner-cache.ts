import type { OwnerStore } from '../../app/ports/owner-store.ts';

/** The owner's user id, kept in memory after the first read: warnings must find their way while the store is down. */
export interface OwnerCache {
  /** What is known without asking anybody. */
  known(): number | undefined;
  /** Asks the store until somebody is paired. Rejects when the store cannot be read. */
  find(): Promise<number | undefined>;
}

export function createOwnerCache(owners: OwnerStore): OwnerCache {
  let id: number | undefined;
  return {
    known: () => id,
    find: async () => (id ??= await owners.owner()),
  };
}
