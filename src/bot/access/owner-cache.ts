import type { OwnerStore } from '../../app/ports/owner-store.ts';
import { withDeadline } from '../deadline.ts';

/** A store that is away holds no command up. */
const LOOK_MS = 300;

/** The owner's user id, kept in memory: commands and warnings must find their way while the store is down. */
export interface OwnerCache {
  /** What is known without asking anybody. */
  known(): number | undefined;
  /**
   * Looks into the store, so that one who was unpaired is obeyed no longer; an owner whom the store has forgotten is put back.
   * Rejects when it cannot be read and nobody is known.
   */
  find(): Promise<number | undefined>;
}

/** `before`: the owner as this machine knew him before. */
export function createOwnerCache(owners: OwnerStore, before?: number): OwnerCache {
  let id = before;

  async function look(): Promise<number | undefined> {
    const stored = await owners.owner();
    if (typeof stored === 'number') id = stored;
    else if (stored === 'reset') id = undefined;
    else if (id !== undefined) await owners.keep(id);
    return id;
  }

  return {
    known: () => id,
    find: () => (id === undefined ? look() : withDeadline(look(), LOOK_MS).catch(() => id)),
  };
}
