import type { Timestamp } from '../../domain/time.ts';
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

/** Whether a card waits that can still be answered. What cannot be read is no. Never rejects. */
export async function waitsForAnswer(
  proposals: Pick<ProposalStore, 'withStatus'>,
  now: Timestamp,
): Promise<boolean> {
  try {
    const pending = await proposals.withStatus('pending');
    return pending.some(({ deadline }) => deadline >= now);
  } catch {
    return false;
  }
}
