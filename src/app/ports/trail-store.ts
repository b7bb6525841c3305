import type { Ratio } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';

/** The owner's word that the stop of one position follows the price. */
export interface TrailPlan {
  readonly positionId: string;
  readonly symbol: string;
  /** Distance from the price, as a share of it. */
  readonly share: Ratio;
  readonly signedBy: number;
  readonly signedAt: Timestamp;
}

/** Which stops follow the price; none by default. */
export interface TrailStore {
  /** Rejects with StoreUnreadable when one is damaged. */
  all(): Promise<readonly TrailPlan[]>;
  save(plan: TrailPlan): Promise<void>;
  drop(positionId: string): Promise<void>;
}
