import type { Timestamp } from '../../domain/time.ts';

/** State of a stream. `idle`: nothing is followed, so there is nothing to hear. */
export type StreamState = 'idle' | 'connecting' | 'live' | 'stale' | 'closed';

/** Where Vigil hears from the exchange: the two streams, and the requests that poll it. */
export const FEEDS = ['requests', 'price stream', 'account stream'] as const;

export type FeedName = (typeof FEEDS)[number];

/** How one feed is, as the process that runs it said last. */
export interface FeedReport {
  readonly feed: FeedName;
  /** `paused`: requests are held back for a while, or refused. */
  readonly state: StreamState | 'paused';
  /** Why, in plain words; "" while there is nothing to explain. */
  readonly reason: string;
  /** Wall milliseconds from the last sign of life to `at`; absent: there was none yet. */
  readonly silentMs?: number;
  /** Exchange minus own clock in milliseconds, where it was measured. */
  readonly clockOffsetMs?: number;
  /** Since when it is in this state. */
  readonly since: Timestamp;
  /** When it was reported. */
  readonly at: Timestamp;
}

/** The last report of each feed, for whichever process answers /status. */
export interface FeedStore {
  report(report: FeedReport): Promise<void>;
  latest(): Promise<readonly FeedReport[]>;
}
