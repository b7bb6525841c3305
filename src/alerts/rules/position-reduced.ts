import type { Finding } from '../../domain/alert.ts';
import { sub } from '../../domain/money.ts';
import type { Position } from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';

/** A position that became smaller but is still open. */
export function positionReduced(before: Position, after: Position): Finding | undefined {
  if (after.qty >= before.qty || after.qty <= 0n) return undefined;
  const taken = sub(after.realisedGross, before.realisedGross);
  return {
    key: `position-reduced:${after.id}:${after.qty}`,
    kind: 'position-closed',
    severity: 'info',
    title: `${nameOf(after)} partly closed: ${numberText(after.qty)} of ${numberText(before.qty)} left`,
    lines: [`This part made ${signedUsd(taken)} before fees and funding.`],
    at: after.updatedAt,
  };
}
