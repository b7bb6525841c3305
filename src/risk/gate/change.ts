import type { Instrument } from '../../domain/instrument.ts';
import {
  abs,
  ONE_RATIO,
  ratio,
  ratioOf,
  roundToStep,
  scaleBy,
  sub,
  sumUsd,
  toNumber,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import {
  protects,
  stopReached,
  stopsOf,
  targetReached,
  type Position,
  type ProtectiveOrder,
} from '../../domain/position.ts';
import type { ChangeRequest, PositionChange } from '../../domain/own-action.ts';
import { breakEvenPrice } from '../terms/break-even.ts';
import { pnlOfExit } from '../terms/costs.ts';
import { heatOf, heatOfPosition, type PositionHeat } from '../terms/heat.ts';
import { percentText, priceText } from '../terms/phrase.ts';
import { askedLevel, FAR_PERCENT, isFar } from './asked-level.ts';
import { withLevels, type PlacedLevels } from './moved-levels.ts';
import { isLooser, overBudget, type LooseningFacts } from './loosening.ts';
import { checkReduce, type ApprovedReduce } from './reduce.ts';
import { checkScaleOut, resolveScaleOut, type ScaleOut } from './scale-out.ts';
import { TRAIL_LEAST, TRAIL_MOST, trailStep } from './trail.ts';

/** What is read for a change. */
export interface ChangeFacts extends LooseningFacts {
  readonly position: Position;
  readonly mark: Price;
  readonly instrument: Instrument;
}

export type ChangeVerdict =
  | {
      readonly kind: 'close';
      readonly reduce: ApprovedReduce;
      /** About what this part makes, closed at the price of now: exit fee and slippage are in it. */
      readonly result: Usd;
    }
  | {
      readonly kind: 'levels';
      readonly stop?: Price;
      readonly target?: Price;
      /** What is placed: with the level that stays where what it is part of gives way. */
      readonly placed: PlacedLevels;
      /** What rests with a size of its own for the whole position, as an order brings it along: it goes once the new levels rest. */
      readonly replaces: readonly ProtectiveOrder[];
      /** About what the position makes if the stop fills, exit fee and slippage included; undefined without a stop for all of it. */
      readonly result: Usd | undefined;
      readonly resultBefore: Usd | undefined;
      /** What the position can lose with what rests now, and with the change. */
      readonly before: PositionHeat;
      readonly after: PositionHeat;
      /** More can be lost than with what rests now. */
      readonly looser: boolean;
      /** Loss of all positions at their stops ÷ equity, with the change; undefined while unknown. */
      readonly heatAfter: Ratio | undefined;
    }
  | {
      readonly kind: 'trail';
      /** Distance from the price, as a share of it. */
      readonly share: Ratio;
      /** The stop that it begins with; absent where the one that rests is nearer already. */
      readonly first?: Extract<ChangeVerdict, { kind: 'levels' }>;
    }
  | ScaleOut
  | { readonly kind: 'time-stop'; readonly hours: Ratio }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): Extract<ChangeVerdict, { kind: 'refused' }> => ({
  kind: 'refused',
  reason,
});

/** Hours after which the owner can be asked. */
export const TIME_STOP_LEAST = ratio('1');
export const TIME_STOP_MOST = ratio('720');

/** What was asked for in the exchange's own figures, or why that is not possible. `away`: the distance of a stop that follows, as a share. */
export function resolveChange(
  request: ChangeRequest,
  facts: Pick<ChangeFacts, 'position' | 'protections' | 'mark' | 'instrument' | 'limits'>,
  away?: Ratio,
): PositionChange | string {
  const { position, mark, instrument, limits } = facts;
  const { tick, step } = instrument;
  const { side } = position;
  switch (request.kind) {
    case 'close': {
      const of = position.qty;
      if (request.share >= ONE_RATIO) return { kind: 'close', qty: of, of };
      const part = scaleBy(position.qty, request.share, 'down');
      return { kind: 'close', qty: roundToStep(part, step, 'down'), of };
    }
    case 'stop':
      return { kind: 'levels', stop: askedLevel(request.at, 'loss', { side, mark, tick }) };
    case 'target':
      return { kind: 'levels', target: askedLevel(request.at, 'profit', { side, mark, tick }) };
    case 'trail': {
      const share = away ?? ('away' in request.distance ? request.distance.away : undefined);
      if (share === undefined)
        return 'How far its average range is cannot be worked out right now.';
      const { protections } = facts;
      const stop = trailStep({ position, protections, close: toNumber(mark), mark, tick, share });
      return { kind: 'trail', share, ...(stop === undefined ? {} : { stop }) };
    }
    case 'scale-out':
      return resolveScaleOut(request, facts);
    case 'time-stop':
      return request;
    case 'break-even': {
      const stop = breakEvenPrice(position, { costs: limits, tick });
      if (stop === undefined) return 'Its break-even price cannot be worked out.';
      if (!stopReached(position.side, stop, mark)) return { kind: 'levels', stop };
      const away = percentText(ratioOf(abs(sub(stop, mark)), mark, 'up'));
      return `Break-even with all costs is ${priceText(stop)}, and the price is ${priceText(mark)}: a stop there would close it at once. The price must go ${away} your way first.`;
    }
  }
}

/**
 * The gate for changes of an open position: closing a part, moving its stop or target. Closing and a nearer stop are always possible;
 * a stop with which more can be lost has to fit what the limits leave, and none is loosened while trading is halted.
 */
export function checkChange(change: PositionChange, facts: ChangeFacts): ChangeVerdict {
  switch (change.kind) {
    case 'close':
      return checkClose(change, facts);
    case 'levels':
      return checkLevels(change, facts);
    case 'trail':
      return checkTrail(change, facts);
    case 'scale-out':
      return checkScaleOut(change, facts);
    case 'time-stop':
      return change.hours >= TIME_STOP_LEAST && change.hours <= TIME_STOP_MOST
        ? change
        : refused('I can ask again in 1 to 720 hours (30 days).');
  }
}

function checkClose(
  { qty, of }: Extract<PositionChange, { kind: 'close' }>,
  { position, instrument, mark, limits }: ChangeFacts,
): ChangeVerdict {
  // What stays open was shown as well. All of one that became smaller is less than was shown, and leaves as little.
  if (of !== undefined && position.qty !== of && (qty < of || position.qty > of)) {
    return refused(
      `The position has changed: ${priceText(position.qty)} is open now, and it was ${priceText(of)} when you were asked. Ask anew.`,
    );
  }
  const { minQty, maxMarketQty } = instrument;
  const verdict = checkReduce({ position, qty });
  if (verdict.kind === 'refused' || (qty < minQty && qty < position.qty)) {
    return refused(
      `That part is less than the smallest order of the exchange (${priceText(minQty)}). Close all of it, or a larger part.`,
    );
  }
  const { reduce } = verdict;
  if (!reduce.whole && qty > maxMarketQty) {
    return refused(`The exchange takes at most ${priceText(maxMarketQty)} in one order.`);
  }
  const left = sub(position.qty, reduce.qty);
  if (left > 0n && left < minQty) {
    return refused(
      `What would be left (${priceText(left)}) is less than the smallest order of the exchange (${priceText(minQty)}). Close all of it, or a smaller part.`,
    );
  }
  const part = { side: position.side, entryPrice: position.entryPrice, qty: reduce.qty };
  return { kind: 'close', reduce, result: pnlOfExit(part, mark, limits) };
}

/** A stop that follows only ever comes nearer, so it needs no budget; its distance has to be one that can be meant. */
function checkTrail(
  { share: distance, stop }: Extract<PositionChange, { kind: 'trail' }>,
  facts: ChangeFacts,
): ChangeVerdict {
  if (distance < TRAIL_LEAST || distance > TRAIL_MOST) {
    return refused(
      `A stop can follow the price ${percentText(TRAIL_LEAST)} to ${percentText(TRAIL_MOST)} away; that would be ${percentText(distance)}.`,
    );
  }
  if (stop === undefined || restsNearer(stop, facts)) return { kind: 'trail', share: distance };
  const first = checkLevels({ kind: 'levels', stop }, facts);
  return first.kind === 'levels' ? { kind: 'trail', share: distance, first } : first;
}

/** Whether a stop for all of it rests there or nearer, so that this one would gain nothing or loosen it. */
function restsNearer(stop: Price, { position, protections }: ChangeFacts): boolean {
  const { parts, uncovered } = stopsOf(position, protections);
  const now = uncovered > 0n ? undefined : parts.at(-1)?.price;
  if (now === undefined) return false;
  const { replaces } = withLevels(position, protections, { stop, target: undefined });
  if (now === stop) return replaces.length === 0;
  return position.side === 'long' ? now > stop : now < stop;
}

function checkLevels(
  { stop, target }: Extract<PositionChange, { kind: 'levels' }>,
  facts: ChangeFacts,
): Extract<ChangeVerdict, { kind: 'levels' | 'refused' }> {
  const { position, protections, equity, limits } = facts;
  const problem = stopProblem(stop, facts) ?? targetProblem(target, facts);
  if (problem !== undefined) return refused(problem);
  const resting = stopsOf(position, protections);
  const { placed, replaces, changed } = withLevels(position, protections, { stop, target });
  const sameStop =
    stop === undefined || (resting.largest?.price === stop && resting.uncovered <= 0n);
  const same = sameStop && (target === undefined || resting.target === target);
  if (same && replaces.length === 0) return refused('That rests at the exchange already.');
  const scale = { equity, costs: limits };
  const [before, after] = [
    heatOfPosition(position, protections, scale),
    heatOfPosition(position, changed, scale),
  ];
  const looser = isLooser(before, after);
  const heat = heatOf(facts.positions, changed, scale).loss;
  const heatAfter = heat === undefined || equity <= 0n ? undefined : ratioOf(heat, equity, 'up');
  const levels = {
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
  };
  const against = looser ? overBudget({ before, after, heatAfter }, facts) : undefined;
  if (against !== undefined) return refused(against);
  const resultAt = (all: readonly ProtectiveOrder[]): Usd | undefined => {
    const { parts, uncovered } = stopsOf(position, all);
    if (uncovered > 0n) return undefined;
    const { side, entryPrice } = position;
    return sumUsd(
      parts.map(({ price, covers }) => pnlOfExit({ side, entryPrice, qty: covers }, price, limits)),
    );
  };
  const results = { result: resultAt(changed), resultBefore: resultAt(protections) };
  const done = { placed, replaces, before, after, looser, heatAfter };
  return { kind: 'levels', ...levels, ...results, ...done };
}

function stopProblem(stop: Price | undefined, { position, mark }: ChangeFacts): string | undefined {
  if (stop === undefined) return undefined;
  const { side, symbol, liquidationPrice } = position;
  if (stopReached(side, stop, mark)) {
    return `A stop of this ${side} must be ${side === 'long' ? 'below' : 'above'} the price of now, ${priceText(mark)}: at ${priceText(stop)} it would close at once. To close it now, send /close ${symbol}.`;
  }
  if (stop <= 0n || isFar(stop, mark)) return farText('stop', stop, mark);
  if (!protects(position, stop, mark) && liquidationPrice !== undefined) {
    return `Liquidation (${priceText(liquidationPrice)}) comes before a stop at ${priceText(stop)}. Choose one nearer to the price, ${priceText(mark)}.`;
  }
  return undefined;
}

function targetProblem(
  target: Price | undefined,
  { position, mark }: ChangeFacts,
): string | undefined {
  if (target === undefined) return undefined;
  const { side, symbol } = position;
  if (targetReached(side, target, mark)) {
    return `A target of this ${side} must be ${side === 'long' ? 'above' : 'below'} the price of now, ${priceText(mark)}: at ${priceText(target)} it would close at once. To close it now, send /close ${symbol}.`;
  }
  return target <= 0n || isFar(target, mark) ? farText('target', target, mark) : undefined;
}

const farText = (what: string, level: Price, mark: Price): string =>
  `A ${what} at ${priceText(level)} is more than ${FAR_PERCENT} % away from the price of now, ${priceText(mark)}. Check the number.`;
