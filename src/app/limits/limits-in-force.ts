import { StoreUnreadable } from '../../domain/failure.ts';
import { ceilingViolations, whatIsAllowed } from '../../risk/terms/limits-change.ts';
import {
  DEFAULT_LIMITS,
  LIMIT_IDS,
  type LimitId,
  type RiskLimits,
} from '../../risk/terms/limits.ts';
import type { LimitsStore } from '../ports/limits-store.ts';
import type { Log } from '../ports/log.ts';
import type { LimitsRecord } from '../../domain/limits-record.ts';
import { messageOf } from '../reading/reading.ts';

export const isLimitId = (id: string): id is LimitId => LIMIT_IDS.some((each) => each === id);

/**
 * The limits that a stored record stands for. Throws StoreUnreadable for an unknown limit, a value that none of its kind may have, or one
 * past a hard ceiling: what was tampered with is not used.
 */
export function limitsOf(record: Pick<LimitsRecord, 'values'>): RiskLimits {
  const limits: Record<string, number | bigint> = { ...DEFAULT_LIMITS };
  for (const [id, value] of Object.entries(record.values)) {
    if (!isLimitId(id) || !isValueOf(id, value)) throw new StoreUnreadable('limits');
    limits[id] = value;
  }
  // Each key holds a value of its own kind: checked above.
  const checked = limits as unknown as RiskLimits;
  if (ceilingViolations(checked).length > 0) throw new StoreUnreadable('limits');
  return checked;
}

const isValueOf = (id: LimitId, value: number | bigint): boolean =>
  typeof DEFAULT_LIMITS[id] === typeof value &&
  // Of its own kind: checked right before.
  whatIsAllowed(id, value as never) === undefined;

/** Limits under which nothing can be opened: what counts while the stored ones are not known. */
export const NO_ENTRIES: RiskLimits = { ...DEFAULT_LIMITS, maxPositions: 0 };

/** The limits of this process, read again when told. */
export interface LimitsInForce {
  current(): RiskLimits;
  /** Never rejects. What is damaged allows no entries; a store that is away for a moment leaves the last ones in force. */
  refresh(): Promise<void>;
}

export function followLimits(store: LimitsStore, log: Pick<Log, 'error' | 'warn'>): LimitsInForce {
  let limits = NO_ENTRIES;
  async function refresh(): Promise<void> {
    try {
      limits = limitsOf(await store.read());
    } catch (error) {
      if (error instanceof StoreUnreadable) {
        limits = NO_ENTRIES;
        log.error('the stored limits are damaged: no entries', { reason: messageOf(error) });
      } else log.warn('the limits could not be read again', { reason: messageOf(error) });
    }
  }
  store.onChange(() => void refresh());
  return { current: () => limits, refresh };
}
