import type { Timestamp } from '../../domain/time.ts';

/** The owner's wish to be asked about one position. */
export interface TimeStop {
  readonly positionId: string;
  readonly symbol: string;
  /** When to ask (venue time). */
  readonly at: Timestamp;
  readonly hours: number;
  readonly signedAt: Timestamp;
}

/** Which positions their owner is to be asked about; none by default. */
export interface TimeStopStore {
  /** Rejects with StoreUnreadable when one is damaged. */
  all(): Promise<readonly TimeStop[]>;
  save(stop: TimeStop): Promise<void>;
  drop(positionId: string): Promise<void>;
}
