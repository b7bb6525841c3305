import type { Timestamp } from '../../domain/time.ts';
import {
  DEFAULT_LIMITS,
  describeLimit,
  describeLimits,
  limitOf,
  type LimitId,
} from '../../risk/terms/limits.ts';
import type { LimitUse } from '../../risk/portfolio/portfolio.ts';
import { limitsOf } from './limits-in-force.ts';
import type { Ports } from '../ports/ports.ts';
import type { LimitsRecord } from '../../domain/limits-record.ts';
import { readLimitUse } from '../reading/limit-use.ts';

/** One limit as /limits shows it. */
export interface LimitLine {
  readonly id: LimitId;
  readonly label: string;
  readonly value: string;
  readonly source: 'default' | 'changed';
  /** What the default is, where it was changed. */
  readonly fallback: string;
  readonly last: LimitsRecord['last'][string] | undefined;
  readonly use: LimitUse | undefined;
  /** A looser value that waits, and from when it counts. */
  readonly waiting: { readonly value: string; readonly at: Timestamp } | undefined;
}

/** Every limit with value, use, source and last change. Rejects when the stored limits cannot be read. */
export async function readLimits(
  ports: Pick<Ports, 'clock' | 'limits' | 'limitsStore' | 'market' | 'accounts'>,
): Promise<readonly LimitLine[]> {
  const [record, uses] = await Promise.all([ports.limitsStore.read(), readLimitUse(ports)]);
  return describeLimits(limitsOf(record)).map(({ id, label, value }) => {
    const waiting = record.pending.find((each) => each.id === id);
    return {
      id,
      label,
      value,
      source: id in record.values ? 'changed' : 'default',
      fallback: describeLimit(id, DEFAULT_LIMITS).value,
      last: record.last[id],
      use: uses.find((each) => each.id === limitOf(id).use),
      waiting:
        waiting === undefined
          ? undefined
          : { value: textOf(record, id, waiting.to), at: waiting.effectiveAt },
    };
  });
}

function textOf(record: LimitsRecord, id: LimitId, to: number | bigint): string {
  return describeLimit(id, { ...limitsOf(record), [id]: to }).value;
}
