import {
  add,
  max,
  min,
  mulDiv,
  neg,
  notionalOf,
  scaleBy,
  sub,
  sumUsd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import {
  markOf,
  stopReached,
  stopsOf,
  workingProtections,
  type Position,
  type ProtectiveOrder,
  type Side,
} from '../../domain/position.ts';
import { pnlOfExit, type Costs } from './costs.ts';

/**
 * What bounds the part of a position that no stop covers: liquidation or the margin where it is isolated, its value (a cross long
 * that goes to zero) or all equity where it is cross.
 */
export type UncoveredBasis = 'liquidation' | 'margin' | 'notional' | 'account';

/** What the loss of a position was measured at. */
export type HeatBasis = 'stop' | 'stop for a part' | UncoveredBasis | 'unknown';

/** Amounts are 0 or more. */
export interface Loss {
  /** Loss against the entry price when it ends there, exit fee and slippage included. */
  readonly loss: Usd;
  /** How far equity still falls from now until then: open profit that is given back counts. Above 0 for whatever is open. */
  readonly further: Usd;
  /** The part of `loss` that is not yet in equity as an open loss. */
  readonly notYetLost: Usd;
}

/** What one position can still cost by itself; the amounts are undefined, all three, while that is unknown. */
export interface PositionHeat extends Partial<Loss> {
  readonly positionId: string;
  readonly symbol: string;
  readonly side: Side;
  /** Cross: it shares the account with the other cross positions. */
  readonly shared: boolean;
  /** Of the stops that still protect, the one that covers most. */
  readonly stop?: Price;
  readonly basis: HeatBasis;
  /** Absent where stops cover all of it. */
  readonly uncovered?: UncoveredBasis;
}

/** What all positions can still cost together; the amounts are undefined while that of one is unknown. */
export interface Heat extends Partial<Loss> {
  readonly rows: readonly PositionHeat[];
  /** Symbols whose loss is unknown. */
  readonly unknown: readonly string[];
}

/** What a loss is measured with. `equity` undefined: it was not read. */
export interface LossScale {
  readonly equity: Usd | undefined;
  readonly costs: Costs;
}

type Part = Pick<Position, 'side' | 'qty' | 'entryPrice'>;
const partOf = ({ side, entryPrice }: Position, qty: Qty): Part => ({ side, qty, entryPrice });

/**
 * P&L against entry of a position that ends at `pnl`: an isolated one loses no more than its margin and the fee of closing it, as
 * far as its margin is known.
 */
export function withinMargin(position: Position, pnl: Usd, costs: Costs): Usd {
  const bound = marginBound(position, costs);
  return bound === undefined ? pnl : max(pnl, neg(bound));
}

function marginBound(position: Position, { takerFee }: Costs): Usd | undefined {
  const { marginMode, margin, marginAssumed, entryPrice, qty } = position;
  if (marginMode === 'cross' || marginAssumed === true || margin <= 0n) return undefined;
  return add(margin, scaleBy(notionalOf(entryPrice, qty, 'up'), takerFee, 'up'));
}

/** Losses of isolated and of cross positions together: the cross ones share what is left of the account. */
export const together = (isolated: Usd, cross: Usd, equity: Usd | undefined): Usd =>
  equity === undefined || equity <= 0n
    ? add(isolated, cross)
    : add(isolated, min(cross, max(sub(equity, isolated), ZERO_USD)));

/** Where a position ends: P&L against entry; undefined: only equity bounds it. */
interface End {
  readonly basis: HeatBasis;
  readonly uncovered?: UncoveredBasis;
  readonly pnl: Usd | undefined;
}

interface At {
  readonly mark: Price;
  readonly equity: Usd | undefined;
  readonly costs: Costs;
}

function endOfRest(position: Position, rest: Qty, at: At): End {
  const { side, marginMode, entryPrice, liquidationPrice: line } = position;
  if (marginMode === 'cross') {
    if (at.equity === undefined || at.equity <= 0n) return { basis: 'unknown', pnl: undefined };
    if (side === 'short') return { basis: 'account', uncovered: 'account', pnl: undefined };
    const value = notionalOf(entryPrice, rest, 'up');
    const uncovered = value < at.equity ? 'notional' : 'account';
    return { basis: uncovered, uncovered, pnl: neg(value) };
  }
  // A line that was passed bounds nothing: the position should be gone and is not.
  if (
    line !== undefined &&
    stopReached(side, entryPrice, line) &&
    !stopReached(side, line, at.mark)
  ) {
    const pnl = pnlOfExit(partOf(position, rest), line, at.costs);
    return { basis: 'liquidation', uncovered: 'liquidation', pnl };
  }
  const bound = marginBound(position, at.costs);
  if (bound === undefined) return { basis: 'unknown', pnl: undefined };
  const share = mulDiv(bound, rest, { c: position.qty, rounding: 'up' }) as Usd;
  return { basis: 'margin', uncovered: 'margin', pnl: neg(share) };
}

function endOf(position: Position, working: readonly ProtectiveOrder[], at: At): End {
  const { parts, uncovered: rest } = stopsOf(position, working);
  const atStops = sumUsd(
    parts.map(({ price, covers }) => pnlOfExit(partOf(position, covers), price, at.costs)),
  );
  if (rest <= 0n) return { basis: 'stop', pnl: withinMargin(position, atStops, at.costs) };
  const end = endOfRest(position, rest, at);
  const partly = parts.length > 0 && end.basis !== 'unknown';
  const pnl =
    end.pnl === undefined ? undefined : withinMargin(position, add(atStops, end.pnl), at.costs);
  return { ...end, basis: partly ? 'stop for a part' : end.basis, pnl };
}

function lossOf(position: Position, pnl: Usd | undefined, { mark, equity, costs }: At): Loss {
  const now = position.unrealisedPnl;
  const open = max(neg(now), ZERO_USD);
  const most =
    position.marginMode === 'cross' && equity !== undefined && equity > 0n ? equity : undefined;
  const capped = (amount: Usd): Usd => (most === undefined ? amount : min(amount, most));
  // Without a bound of its own it takes all equity, whatever its entry was.
  if (pnl === undefined) {
    const all = most ?? ZERO_USD;
    return { loss: all, further: all, notYetLost: all };
  }
  const loss = max(neg(pnl), ZERO_USD);
  const left = sub(now, pnl);
  return {
    loss: capped(loss),
    // What should have ended long ago and is open still costs its closing, and never nothing.
    further: capped(left > 0n ? left : max(sub(now, pnlOfExit(position, mark, costs)), 1n as Usd)),
    notYetLost: capped(max(sub(loss, open), ZERO_USD)),
  };
}

/**
 * What one position can lose, the only place that says so. Its stops fill, each for its part, as far as they protect: one that the
 * price has passed or that lies beyond liquidation covers nothing. What they leave is lost at liquidation or with the margin where
 * it is isolated, never more than margin and fee; where it is cross a long goes to zero and a short has no bound, and neither
 * takes more than all equity, whatever the leverage. What was not read leaves it unknown.
 */
export function heatOfPosition(
  position: Position,
  protections: readonly ProtectiveOrder[],
  { equity, costs }: LossScale,
): PositionHeat {
  const { id: positionId, symbol, side, marginMode } = position;
  const about = { positionId, symbol, side, shared: marginMode === 'cross' };
  const mark = markOf(position);
  if (mark === undefined || mark <= 0n || position.entryPrice <= 0n) {
    return { ...about, basis: 'unknown' };
  }
  const at = { mark, equity, costs };
  const working = workingProtections(position, protections, mark);
  const { pnl, ...end } = endOf(position, working, at);
  const stop = stopsOf(position, working).largest;
  return {
    ...about,
    ...(stop === undefined ? {} : { stop: stop.price }),
    ...end,
    ...(end.basis === 'unknown' ? {} : lossOf(position, pnl, at)),
  };
}

const isKnown = (row: PositionHeat): row is PositionHeat & Loss => row.loss !== undefined;

const added = (sum: Loss, row: Loss): Loss => ({
  loss: add(sum.loss, row.loss),
  further: add(sum.further, row.further),
  notYetLost: add(sum.notYetLost, row.notYetLost),
});
const NOTHING: Loss = { loss: ZERO_USD, further: ZERO_USD, notYetLost: ZERO_USD };

/** What these positions lose together; undefined while one of them is unknown. */
export function lossTogether(
  rows: readonly PositionHeat[],
  equity: Usd | undefined,
): Loss | undefined {
  if (!rows.every(isKnown)) return undefined;
  const isolated = rows.filter((row) => !row.shared).reduce(added, NOTHING);
  const cross = rows.filter((row) => row.shared).reduce(added, NOTHING);
  return {
    loss: together(isolated.loss, cross.loss, equity),
    further: together(isolated.further, cross.further, equity),
    notYetLost: together(isolated.notYetLost, cross.notYetLost, equity),
  };
}

/**
 * Portfolio heat: what is lost if every stop fills, with the loss of what has none. Each row stands for itself; cross positions
 * take no more than all equity together, so their rows may add up to more than the whole, never to less.
 */
export function heatOf(
  positions: readonly Position[],
  protections: readonly ProtectiveOrder[],
  scale: LossScale,
): Heat {
  const rows = positions.map((each) => heatOfPosition(each, protections, scale));
  const unknown = rows.filter((row) => !isKnown(row)).map((row) => row.symbol);
  return { ...lossTogether(rows, scale.equity), rows, unknown: [...new Set(unknown)] };
}
