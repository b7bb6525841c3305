import type { Proposal } from '../domain/proposal.ts';
import type { Ports } from './ports.ts';
import { reasonOf } from './reading.ts';

/** Entries that were approved and whose end is not known yet; a text: why that cannot be read. Never rejects. */
export async function readInFlight({
  proposals,
}: Pick<Ports, 'proposals'>): Promise<readonly Proposal[] | string> {
  try {
    const statuses = ['approved', 'executing', 'unknown'] as const;
    return (await Promise.all(statuses.map((each) => proposals.withStatus(each)))).flat();
  } catch (error) {
    return reasonOf(error);
  }
}
