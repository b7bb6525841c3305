import { add, min, sub, ZERO_QTY, type Price, type Qty } from '../domain/money.ts';
import type { Finding } from '../domain/alert.ts';
import { markOf, stopReached, type Position, type ProtectiveOrder } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { unprotected } from './rules/unprotected.ts';

/** Since when each position lacks a full stop; positions that are protected are absent. */
export type UnprotectedSince = ReadonlyMap<string, Timestamp>;

/** A stop protects when the price has not passed it and the exchange would not liquidate before it. */
export function protects(position: Position, stop: Price, mark: Price): boolean {
  if (stopReached(position.side, stop, mark)) return false;
  const liquidation = position.liquidationPrice;
  if (liquidation === undefined) return true;
  return stopReached(position.side, stop, liquidation) && stop !== liquidation;
}

/**
 * How much of a position no resting stop protects; 0 is well. Counts stops on the losing side of the mark price and before
 * liquidation. The mark price is the one that the position's open P&L was measured at, unless one is given.
 */
export function uncoveredQty(
  position: Position,
  protections: readonly ProtectiveOrder[],
  mark?: Price,
): Qty {
  const at = mark ?? markOf(position);
  if (position.qty <= 0n || at === undefined) return ZERO_QTY;
  let covered = ZERO_QTY;
  for (const each of protections) {
    if (each.positionId !== position.id || each.stopPrice === undefined) continue;
    if (!protects(position, each.stopPrice, at)) continue;
    covered = add(covered, each.stopQty ?? position.qty);
  }
  return sub(position.qty, min(covered, position.qty));
}

export interface ProtectionReading {
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly previous: UnprotectedSince;
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
    const from = reading.previous.get(position.id) ?? reading.now;
    since.set(position.id, from);
    const finding = unprotected(position, { since: from, uncovered }, reading.now);
    if (finding !== undefined) findings.push(finding);
  }
  return { since, findings };
}
