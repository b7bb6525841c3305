import type { Finding } from '../../domain/alert.ts';
import type { LimitsRecord } from '../../domain/limits-record.ts';

export interface LimitsStore {
  /** Nothing changed when nothing was ever stored. Rejects with StoreUnreadable when it is gone or damaged. */
  read(): Promise<LimitsRecord>;
  /** Stores and journals the next record with its findings. False when the stored one is no longer `before`. */
  save(change: {
    readonly before: LimitsRecord;
    readonly after: LimitsRecord;
    readonly findings: readonly Finding[];
  }): Promise<boolean>;
  /** Takes the limits from their journal again; false where it has none, so that the defaults count. Whoever calls it has halted before. */
  repair(): Promise<boolean>;
  /** Called after each change by any process. */
  onChange(listener: () => void): void;
}
