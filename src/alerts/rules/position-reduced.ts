import type { Finding } from '../../domain/alert.ts';
import { sub, type Price, type Usd } from '../../domain/money/money.ts';
import {
  distance,
  markOf,
  stopReached,
  type Position,
  type ProtectiveOrder,
} from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import { notVigilOf } from './not-ours.ts';

/** Who may have made a position smaller. */
export interface MayHaveReduced {
  /** Vigil asked for it to be closed. */
  readonly vigil: boolean;
  /** A stop or target for a part of it rested at the exchange. */
  readonly partialLevel: boolean;
  /** The stop or target for just that part, which rests no more. */
  readonly filled?: ProtectiveOrder;
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
    // It may have had this size and result before: the exchange's own time tells them apart.
    key: `position-reduced:${after.id}:${after.qty}:${after.realisedGross}:${after.updatedAt}`,
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
  const taken = sub(after.realisedGross, before.realisedGross);
  if (by.filled !== undefined) return { severity: 'info', lines: [filledText(by.filled, taken)] };
  return by.partialLevel
    ? { severity: 'info', lines: ['A stop or target for a part of it rested at the exchange.'] }
    : {
        severity: 'warning',
        lines: [notVigilOf(taken), 'The rest stays open: /positions shows what protects it.'],
      };
}

/** One order may hold both: the result of the part says which of them it was. */
const filledText = ({ stopPrice, targetPrice }: ProtectiveOrder, made: Usd): string =>
  stopPrice === undefined || (targetPrice !== undefined && made > 0n)
    ? `Its target for this part${targetPrice === undefined ? '' : ` at ${numberText(targetPrice)}`} has filled.`
    : `Its stop for this part at ${numberText(stopPrice)} has filled.`;

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
