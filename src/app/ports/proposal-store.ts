import type { Finding } from '../../domain/alert.ts';
import type { Proposal, ProposalEvent } from '../../domain/proposal.ts';

export interface ProposalStore {
  /** False when the id is already there: the same signal is proposed once. Stores the findings in the same transaction. */
  create(proposal: Proposal, findings: readonly Finding[]): Promise<boolean>;
  byId(id: string): Promise<Proposal | undefined>;
  byNonce(nonce: string): Promise<Proposal | undefined>;
  /** Applies the event atomically; undefined when it is not possible in the stored status. */
  apply(id: string, event: ProposalEvent): Promise<Proposal | undefined>;
  /** Newest first. Rejects with StoreUnreadable when one of them, or the list of them, is gone or damaged. */
  recent(limit: number): Promise<readonly Proposal[]>;
  /** Among the newest 100; rejects as `recent`. */
  withStatus(status: Proposal['status']): Promise<readonly Proposal[]>;
  /** Lists again what can be read, and drops what cannot. Whoever calls it has halted before. */
  repair(): Promise<void>;
}
