import type { Price } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Work that happens later or elsewhere, as jobs with their own ids. Asking twice for the same thing makes one job. */
export interface Work {
  execute(proposalId: string): Promise<void>;
  expire(proposalId: string, delayMs: number): Promise<void>;
  /** Cancels entry orders and, when asked, closes every position. `id` makes it one job. */
  flatten(request: FlattenRequest): Promise<void>;
  /** Places the stop that the owner confirmed. `id` makes it one job. */
  protect(request: ProtectRequest): Promise<void>;
  /** An account read as soon as possible. */
  refreshAccount(): Promise<void>;
}

export interface FlattenRequest {
  readonly id: string;
  /** The owner's user id; the emergency stop, which only ever cancels entry orders; or the policy that the owner has signed. */
  readonly by: number | 'emergency-stop' | 'policy';
  readonly closePositions: boolean;
  /** By the policy: when it was signed. Another signature, or none, ends what this one began. */
  readonly signedAt?: Timestamp;
  /** Ids of the positions that are meant; absent: every one. */
  readonly only?: readonly string[];
  /** Why, where nobody was asked: what each source says. */
  readonly because?: readonly string[];
  readonly at: Timestamp;
}

/** Levels for one position, exactly as they are shown and then placed. */
export interface ProtectRequest {
  readonly id: string;
  readonly positionId: string;
  readonly symbol: string;
  readonly stop: Price;
  /** Absent: the target that rests already stays. */
  readonly target?: Price;
  readonly by: number;
}
