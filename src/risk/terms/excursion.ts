import { max, min, type Usd } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';

/** How far a position has been in loss and in profit while it was watched (MAE and MFE), before fees. */
export interface Excursion {
  /** Lowest open P&L seen; 0 or less once it was ever at a loss. */
  readonly worst: Usd;
  /** Highest open P&L seen. */
  readonly best: Usd;
  /** When it was first seen. */
  readonly since: Timestamp;
}

/** Carried on from the last look, by position id; positions that are gone are dropped. */
export function carryExcursions(
  before: ReadonlyMap<string, Excursion> | undefined,
  positions: readonly Position[],
  now: Timestamp,
): ReadonlyMap<string, Excursion> {
  return new Map(
    positions.map(({ id, unrealisedPnl }) => {
      const known = before?.get(id);
      if (known === undefined) {
        return [id, { worst: unrealisedPnl, best: unrealisedPnl, since: now }];
      }
      return [
        id,
        {
          worst: min(known.worst, unrealisedPnl),
          best: max(known.best, unrealisedPnl),
          since: known.since,
        },
      ];
    }),
  );
}
