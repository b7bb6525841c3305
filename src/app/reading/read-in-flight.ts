import { isOnTheWay, type Proposal } from '../../domain/proposal.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from './reading.ts';

/** Among so many an entry on its way is looked for. */
const LATEST = 100;

/**
 * Entries that were approved and whose end is not known yet, newest first. One reading, so that one that moves on meanwhile is seen
 * once. Rejects as `ProposalStore.recent`.
 */
export const proposalsInFlight = async ({
  proposals,
}: Pick<Ports, 'proposals'>): Promise<readonly Proposal[]> =>
  (await proposals.recent(LATEST)).filter(isOnTheWay);

/** The same; a text: why that cannot be read. Never rejects. */
export const readInFlight = (
  ports: Pick<Ports, 'proposals'>,
): Promise<readonly Proposal[] | string> => proposalsInFlight(ports).catch(reasonOf);
