import type { Finding } from '../../domain/alert.ts';
import type { FlattenPolicy } from '../../risk/stop/flatten-policy.ts';

/** What the owner has signed for closing without asking; nothing by default. */
export interface PolicyStore {
  /** Rejects with StoreUnreadable when it is corrupt: then nothing is closed. */
  read(): Promise<FlattenPolicy | undefined>;
  /** Undefined revokes. Journalled and told in the same transaction. */
  save(policy: FlattenPolicy | undefined, finding: Finding): Promise<void>;
}
