import type { Timestamp } from './time.ts';

/** What the owner changed of the limits, and what waits. */
export interface LimitsRecord {
  /** Changed limits by name; the others have their defaults. */
  readonly values: Readonly<Record<string, number | bigint>>;
  /** The last change of each limit. */
  readonly last: Readonly<
    Record<
      string,
      { readonly at: Timestamp; readonly by: number; readonly from: string; readonly to: string }
    >
  >;
  /** Loosenings that wait, at most one a limit. */
  readonly pending: readonly {
    readonly id: string;
    readonly to: number | bigint;
    readonly by: number;
    readonly askedAt: Timestamp;
    readonly effectiveAt: Timestamp;
  }[];
}
