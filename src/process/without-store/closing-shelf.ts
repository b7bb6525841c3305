/** Keeps what the owner confirmed to be closed without the store in a file until it is closed, so that a restart goes on with it. */
import type { Log } from '../../app/ports/log.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { flattenRequest, type FlattenRequest } from '../../app/ports/work.ts';
import { createShelf, emptyShelf, shelfFile, type Place } from './shelf.ts';

export interface ClosingShelf {
  put(request: FlattenRequest): Promise<void>;
  /** It is closed, or the owner has taken the word back. */
  clear(request: FlattenRequest): Promise<void>;
}

export function createClosingShelf(place: Place, log: Log): ClosingShelf {
  const shelf = createShelf<FlattenRequest>(shelfFile(place, 'closing'), 'a closing that is', log);
  const open = new Map<string, FlattenRequest>();
  return {
    put: (request) => {
      open.set(request.id, request);
      return shelf.keep([...open.values()]);
    },
    clear: async ({ id }) => {
      if (open.delete(id)) await shelf.keep([...open.values()]);
    },
  };
}

/** At a start: what an earlier process had begun to close is asked for again; it ends where nothing is left, or with a /resume since. */
export async function goOnClosing(
  place: Place,
  { mode, work, clock }: Pick<Ports, 'mode' | 'work' | 'clock'>,
): Promise<void> {
  const damaged = () => {
    const reason = { trigger: 'panic', evidence: UNREAD, at: clock.now() };
    return mode.apply({ kind: 'tighten', to: 'halted', reason });
  };
  await emptyShelf(shelfFile(place, 'closing'), { schema: flattenRequest, damaged }, work.flatten);
}

const UNREAD =
  'You had confirmed that everything be closed, and what was left of it cannot be read any more. Look at /positions; /panic closes what is open.';
