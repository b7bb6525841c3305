import { rules } from '../explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import { uncoveredQty, type Position, type ProtectiveOrder } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Since when each position lacks a full stop; positions that are protected are absent. */
export type UnprotectedSince = ReadonlyMap<string, Timestamp>;

export interface ProtectionReading {
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly previous: UnprotectedSince;
  /** Positions of the last look, by id; absent where there was none. */
  readonly before?: ReadonlySet<string>;
  readonly now: Timestamp;
}

/** Since when each position has been unprotected, carried on from the last look, and what is to be told about it. */
export function watchProtection(reading: ProtectionReading): {
  readonly since: UnprotectedSince;
  readonly findings: readonly Finding[];
} {
  const since = new Map<string, Timestamp>();
  const findings: Finding[] = [];
  for (const position of reading.positions) {
    const uncovered = uncoveredQty(position, reading.protections);
    if (uncovered <= 0n) continue;
    const seen = reading.previous.get(position.id);
    const from = seen ?? firstSince(position, reading);
    since.set(position.id, from);
    // One look may have missed a stop that the exchange does not list yet.
    if (seen === undefined) continue;
    const finding = rules.unprotected(position, { since: from, uncovered }, reading.now);
    if (finding !== undefined) findings.push(finding);
  }
  return { since, findings };
}

/** One that was opened between two looks has had no stop that anybody has seen since it was opened. */
const firstSince = ({ id, openedAt }: Position, { before, now }: ProtectionReading): Timestamp =>
  before === undefined || before.has(id) ? now : Math.min(openedAt, now);
