import type { Finding } from '../../domain/alert.ts';
import { sub, type Price } from '../../domain/money/money.ts';
import { distance, markOf, stopReached, type Position } from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import { NOT_VIGIL } from './not-ours.ts';

/** Who may have made a position smaller. */
export interface MayHaveReduced {
  /** Vigil asked for it to be closed. */
  readonly vigil: boolean;
  /** A stop or target for a part of it rested at the exchange. */
  readonly partialLevel: boolean;
}

/** A position that became smaller but is still open. Critical when the exchange seems to take it by force, step by step. */
export function positionReduced(
  before: Position,
  after: Position,
  by: MayHaveReduced,
): Finding | undefined {
  if (after.qty >= before.qty || after.qty <= 0n) return undefined;
  const taken = sub(after.realisedGross, before.realisedGross);
  const who = whoDidIt(before, after, by);
  return {
    // It may have had this size before, but had taken another result then.
    key: `position-reduced:${after.id}:${after.qty}:${after.realisedGross}`,
    kind: 'position-closed',
    ...(taken < 0n && who.severity !== 'critical'
      ? { severity: 'warning', stakes: 'cost' }
      : { severity: who.severity }),
    title: `${nameOf(after)} partly closed: ${numberText(after.qty)} of ${numberText(before.qty)} left`,
    lines: [`This part made ${signedUsd(taken)} before fees and funding.`, ...who.lines],
    at: after.updatedAt,
  };
}

function whoDidIt(
  before: Position,
  after: Position,
  by: MayHaveReduced,
): Pick<Finding, 'severity' | 'lines'> {
  if (by.vigil) return { severity: 'info', lines: [] };
  const mark = markOf(after);
  const liquidation = before.liquidationPrice;
  if (mark !== undefined && liquidation !== undefined && isNear(before, { mark, liquidation })) {
    const line = `The mark price ${numberText(mark)} is at the liquidation price ${numberText(liquidation)} or near it: the exchange is probably reducing it by force. Close it, or add margin.`;
    return { severity: 'critical', lines: [line] };
  }
  return by.partialLevel
    ? { severity: 'info', lines: ['A stop or target for a part of it rested at the exchange.'] }
    : { severity: 'warning', lines: [NOT_VIGIL] };
}

/** Three quarters of the way from the entry to liquidation, or beyond it: the price moves on while the account is read. */
function isNear(
  { side, entryPrice }: Position,
  at: { readonly mark: Price; readonly liquidation: Price },
): boolean {
  const left = distance(at.mark, at.liquidation);
  return (
    stopReached(side, at.liquidation, at.mark) || left * 4n <= distance(entryPrice, at.liquidation)
  );
}
