import {
  abs,
  ONE_RATIO,
  roundToStep,
  scaleBy,
  sub,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { ChangeRequest, PositionChange } from '../../domain/own-action.ts';
import {
  stopsOf,
  targetReached,
  towardsProfit,
  type Position,
  type ProtectiveOrder,
} from '../../domain/position.ts';
import { askedLevel, FAR_PERCENT, isFar } from './asked-level.ts';
import { pnlOfExit, type Costs } from '../terms/costs.ts';
import { priceText } from '../terms/phrase.ts';

/** What a plan to close a part further on is judged by. */
export interface ScaleOutFacts {
  readonly position: Position;
  readonly protections: readonly ProtectiveOrder[];
  readonly mark: Price;
  readonly instrument: Instrument;
  readonly limits: Costs;
}

export interface ScaleOut {
  readonly kind: 'scale-out';
  readonly qty: Qty;
  readonly target: Price;
  /** About what this part makes there: exit fee and slippage are in it. */
  readonly result: Usd;
  /** Stays open after it. */
  readonly left: Qty;
  /** Where the rest closes; undefined: it has no target. */
  readonly restTarget: Price | undefined;
}

type Asked<Kind> = Extract<ChangeRequest, { kind: Kind }>;
type Change<Kind> = Extract<PositionChange, { kind: Kind }>;

/** What was asked for in the exchange's own figures, or why that is not possible. */
export function resolveScaleOut(
  { share, at }: Asked<'scale-out'>,
  { position, protections, mark, instrument: { tick, step } }: ScaleOutFacts,
): Change<'scale-out'> | string {
  if (share >= ONE_RATIO)
    return 'Part of it is meant: from 1 % to 99 %. For all of it set a target.';
  const { side, entryPrice } = position;
  const qty = roundToStep(scaleBy(position.qty, share, 'down'), step, 'down');
  if (at !== undefined) {
    return { kind: 'scale-out', qty, target: askedLevel(at, 'profit', { side, mark, tick }) };
  }
  const stop = stopsOf(position, protections).largest?.price;
  const risks = stop !== undefined && (side === 'long' ? stop < entryPrice : stop > entryPrice);
  if (stop === undefined || !risks) {
    return `How far 1R is cannot be said: ${stop === undefined ? 'it has no stop' : 'its stop no longer risks anything'}. Name the price of the part: /scaleout ${position.symbol} 50 % PRICE.`;
  }
  const target = towardsProfit(entryPrice, abs(sub(entryPrice, stop)), side);
  return { kind: 'scale-out', qty, target: roundToStep(target, tick, 'half-even') };
}

/** The gate for it: it only ever closes, never more than a part, and comes before the target of all. */
export function checkScaleOut(
  { qty, target }: Change<'scale-out'>,
  { position, protections, mark, instrument: { minQty }, limits }: ScaleOutFacts,
): ScaleOut | { readonly kind: 'refused'; readonly reason: string } {
  const refused = (reason: string) => ({ kind: 'refused', reason }) as const;
  const { side, entryPrice } = position;
  const { partTargets: planned, target: restTarget } = stopsOf(position, protections);
  if (planned.length > 0) {
    const there = planned.map((each) => `${priceText(each.qty)} at ${priceText(each.price)}`);
    return refused(
      `A part has a target already: ${there.join(' and ')}. /scaleout ${position.symbol} off takes it away.`,
    );
  }
  const left = sub(position.qty, qty);
  if (qty < minQty || left < minQty) {
    return refused(
      `A part and what is left must each be at least the smallest order of the exchange (${priceText(minQty)}); it would be ${priceText(qty)} and ${priceText(left)}.`,
    );
  }
  if (targetReached(side, target, mark)) {
    return refused(
      `The price, ${priceText(mark)}, is past ${priceText(target)} already: it would close at once. To close a part now, send /close ${position.symbol} half.`,
    );
  }
  if (target <= 0n || isFar(target, mark)) {
    return refused(
      `${priceText(target)} is more than ${FAR_PERCENT} % away from the price of now, ${priceText(mark)}. Check the number.`,
    );
  }
  if (restTarget !== undefined && targetReached(side, restTarget, target)) {
    return refused(
      `All of it closes at its target, ${priceText(restTarget)}, before ${priceText(target)} is reached. Name a nearer price, or move the target first.`,
    );
  }
  const result = pnlOfExit({ side, entryPrice, qty }, target, limits);
  return { kind: 'scale-out', qty, target, result, left, restTarget };
}
