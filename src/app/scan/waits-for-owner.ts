import { MINUTE, type Timestamp } from '../../domain/time.ts';
import type { OwnerStore } from '../ports/owner-store.ts';
import type { ProposalStore } from '../ports/proposal-store.ts';

/** Whether a card waits that nobody can answer, because nobody is paired yet. What cannot be read is no. Never rejects. */
export async function waitsForOwner({
  owners,
  proposals,
}: {
  readonly owners: Pick<OwnerStore, 'owner'>;
  readonly proposals: Pick<ProposalStore, 'withStatus'>;
}): Promise<boolean> {
  try {
    if (typeof (await owners.owner()) === 'number') return false;
    return (await proposals.withStatus('pending')).length > 0;
  } catch {
    return false;
  }
}

/** A look at the market is held back no longer than that for a card, wall time: whoever is not there shall not miss the rest. */
const HELD_MS = 2 * MINUTE;

/** Whether a fresh card waits that can still be answered. What cannot be read is no. Never rejects. */
export async function waitsForAnswer(
  proposals: Pick<ProposalStore, 'withStatus'>,
  { now, speed }: { readonly now: Timestamp; readonly speed: number },
): Promise<boolean> {
  try {
    const pending = await proposals.withStatus('pending');
    const since = now - HELD_MS * Math.max(1, speed);
    return pending.some(({ createdAt, deadline }) => deadline >= now && createdAt > since);
  } catch {
    return false;
  }
}
