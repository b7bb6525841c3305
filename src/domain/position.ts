import {
  abs,
  add,
  max,
  min,
  mulDiv,
  notionalOf,
  ONE_RATIO,
  sub,
  ZERO_QTY,
  ZERO_USD,
  type Price,
  type Qty,
  type Rounding,
  type Usd,
} from './money/money.ts';
import type { Timestamp } from './time.ts';

export const SIDES = ['long', 'short'] as const;
export type Side = (typeof SIDES)[number];
export type MarginMode = 'isolated' | 'cross';

/** An open position as the exchange reported it. `qty` is unsigned; the direction is in `side`. */
export interface Position {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: Qty;
  readonly entryPrice: Price;
  readonly leverage: number;
  readonly marginMode: MarginMode;
  readonly margin: Usd;
  readonly unrealisedPnl: Usd;
  /** Price profit already taken by partial closes, before fees and funding. */
  readonly realisedGross: Usd;
  /** Fees paid so far, as a cost: 0 or more. */
  readonly fees: Usd;
  /** Funding so far; negative when paid. */
  readonly funding: Usd;
  /**
   * True: whether the exchange's realised figure holds fees and funding could not be told from its row; it was read as holding
   * them, so `realisedGross` may be off by both.
   */
  readonly basisAssumed?: true;
  /** True: fees, funding or realised profit are missing in the exchange's row. What is missing is 0 here and shown as unknown. */
  readonly costsUnknown?: true;
  /** True: the exchange's row names no margin, and `margin` is the value at entry divided by the leverage. */
  readonly marginAssumed?: true;
  /** Undefined when the exchange names none (cross with ample margin). */
  readonly liquidationPrice?: Price;
  readonly openedAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** A resting take-profit or stop-loss of a position. `qty` undefined: it covers the whole position, whatever its size. */
export interface ProtectiveOrder {
  readonly id: string;
  readonly positionId: string;
  readonly symbol: string;
  readonly stopPrice?: Price;
  readonly targetPrice?: Price;
  readonly stopQty?: Qty;
  readonly targetQty?: Qty;
}

/** How a stop or target ended. `failed`: it was reached and could not be carried out, so its position is still open. */
export type ProtectionEnd =
  | 'filled'
  | 'cancelled'
  | 'cancelled by the exchange'
  | 'failed'
  | 'unknown';

/** A position that is no more. */
export interface ClosedPosition {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly maxQty: Qty;
  readonly entryPrice: Price;
  readonly closePrice: Price;
  /** Undefined where the exchange names none. */
  readonly leverage?: number;
  readonly fees: Usd;
  readonly funding: Usd;
  /** Price profit alone. */
  readonly gross: Usd;
  /** gross - fees + funding. */
  readonly net: Usd;
  /** True: gross and net may be off by fees and funding, as for an open position. */
  readonly basisAssumed?: true;
  /**
   * True: fees, funding or realised profit are missing in the exchange's row. Costs that are missing are 0 here, so the true net may be
   * lower; a missing profit is worked out from both prices and the largest size.
   */
  readonly costsUnknown?: true;
  readonly liquidated: boolean;
  readonly openedAt: Timestamp;
  readonly closedAt: Timestamp;
}

/** What is sure to count of its result: the net, and no gain while its costs are unknown. */
export const sureNet = ({ net, costsUnknown }: ClosedPosition): Usd =>
  costsUnknown === true ? min(net, ZERO_USD) : net;

/** Profit of holding `amount` from `entry` to `exit`; negative is a loss. */
export function pnlOf(
  position: { readonly side: Side; readonly qty: Qty },
  from: { readonly entry: Price; readonly exit: Price },
  rounding: Rounding = 'half-even',
): Usd {
  const change = sub(from.exit, from.entry);
  const signed = (position.side === 'long' ? change : -change) as Price;
  return notionalOf(signed, position.qty, rounding);
}

/** Distance between two prices, unsigned. */
export const distance = (a: Price, b: Price): Price => abs(sub(a, b));

/** Price `by` away from `from` in the direction that loses money for `side`. */
export const towardsLoss = (from: Price, by: Price, side: Side): Price =>
  side === 'long' ? sub(from, by) : add(from, by);

/** Price `by` away from `from` in the direction that earns money for `side`. */
export const towardsProfit = (from: Price, by: Price, side: Side): Price =>
  side === 'long' ? add(from, by) : sub(from, by);

/** Whether a price at `mark` has reached a stop of that side. */
export const stopReached = (side: Side, stop: Price, mark: Price): boolean =>
  side === 'long' ? mark <= stop : mark >= stop;

/** Whether a price at `mark` has reached a target of that side. */
export const targetReached = (side: Side, target: Price, mark: Price): boolean =>
  side === 'long' ? mark >= target : mark <= target;

/** The part of a position that a stop closes. */
export interface StopPart {
  readonly price: Price;
  readonly covers: Qty;
}

/** One stop as it rests; without a size it closes whatever is open then. */
export interface RestingStop {
  readonly price: Price;
  readonly qty?: Qty;
}

/** What rests for a position, whether or not it still works. */
export interface Stops {
  /**
   * In the order in which the price reaches them, each with the part that it closes: together never more than the position, and one
   * without a size closes what the ones before it left.
   */
  readonly parts: readonly StopPart[];
  /** Every one as it was placed, in the same order; of two at one price the smaller first. */
  readonly resting: readonly RestingStop[];
  /** What they leave of the position; 0 or more. */
  readonly uncovered: Qty;
  /** The one stop that covers most by itself, never more than the position; of two that cover alike, the one reached first. */
  readonly largest?: StopPart;
  /** The target of the position: the one with the largest size, the first listed of two that are alike. None of those for a part. */
  readonly target?: Price;
  /** The targets for a part, as they were placed, the one reached first before the others. */
  readonly partTargets: readonly PartTarget[];
}

/** A target for a part of a position. */
export interface PartTarget {
  readonly id: string;
  readonly price: Price;
  /** As it was placed: where the position is no larger any more, it closes all of it. */
  readonly qty: Qty;
}

/**
 * A target is for a part when its order has a size and no stop. Its size tells only as long as nothing of the position was closed: a
 * position that becomes smaller leaves the target of a part as it was placed; before that one of its whole size is for all of it.
 */
export function partTargetOf(
  { id, stopPrice, targetPrice: price, targetQty: qty }: ProtectiveOrder,
  { qty: open, realisedGross, costsUnknown }: Position,
): PartTarget | undefined {
  if (stopPrice !== undefined || price === undefined || qty === undefined) return undefined;
  const isWhole = qty === open && realisedGross === ZERO_USD && costsUnknown !== true;
  return isWhole ? undefined : { id, price, qty };
}

/** The stops of a position and its target, of all that rests on the account. */
export function stopsOf(position: Position, protections: readonly ProtectiveOrder[]): Stops {
  const own = protections.filter((each) => each.positionId === position.id);
  const resting = own
    .flatMap(({ stopPrice: price, stopQty: asked }) =>
      price === undefined ? [] : [{ price, ...(asked === undefined ? {} : { qty: asked }) }],
    )
    .toSorted(
      (one, other) =>
        Number(distanceDown(position.side, one.price, other.price)) ||
        Number((one.qty ?? 0n) - (other.qty ?? 0n)),
    );
  const reached = resting.map(({ price, qty: asked = position.qty }) => ({
    price,
    covers: min(asked, position.qty),
  }));
  let uncovered = position.qty;
  const parts = reached.flatMap(({ price, covers: most }) => {
    const covers = min(most, uncovered);
    uncovered = sub(uncovered, covers);
    return covers > 0n ? [{ price, covers }] : [];
  });
  const [largest] = reached.toSorted((one, other) => Number(sub(other.covers, one.covers)));
  const size = ({ targetQty }: ProtectiveOrder): Qty => targetQty ?? position.qty;
  const target = own
    .filter((each) => each.targetPrice !== undefined && partTargetOf(each, position) === undefined)
    .toSorted((one, other) => Number(size(other) - size(one)))[0]?.targetPrice;
  const partTargets = own
    .flatMap((each) => partTargetOf(each, position) ?? [])
    .toSorted((one, other) => Number(distanceDown(position.side, other.price, one.price)));
  return {
    parts,
    resting,
    uncovered,
    partTargets,
    ...(largest === undefined ? {} : { largest }),
    ...(target === undefined ? {} : { target }),
  };
}

/** A stop protects when the price has not passed it and the exchange would not liquidate before it. */
export function protects(position: Position, stop: Price, mark: Price): boolean {
  if (stopReached(position.side, stop, mark)) return false;
  const liquidation = position.liquidationPrice;
  if (liquidation === undefined) return true;
  return stopReached(position.side, stop, liquidation) && stop !== liquidation;
}

/** Of the resting protections those whose stop protects while the price is at `mark`. */
export const workingProtections = (
  position: Position,
  protections: readonly ProtectiveOrder[],
  mark: Price,
): readonly ProtectiveOrder[] =>
  protections.filter(
    ({ stopPrice }) => stopPrice !== undefined && protects(position, stopPrice, mark),
  );

/**
 * How much of a position no resting stop protects; 0 is well. The mark price is the one that the position's open P&L was measured
 * at, unless one is given; none for an empty position.
 */
export function uncoveredQty(
  position: Position,
  protections: readonly ProtectiveOrder[],
  mark: Price | undefined = markOf(position),
): Qty {
  if (mark === undefined) return max(position.qty, ZERO_QTY);
  const working = workingProtections(position, protections, mark);
  return max(stopsOf(position, working).uncovered, ZERO_QTY);
}

/** Below 0 when a falling long, or a rising short, meets `one` before `other`. */
const distanceDown = (side: Side, one: Price, other: Price): bigint =>
  side === 'long' ? other - one : one - other;

/** Value of a position at the price that its unrealised P&L was measured at; 0 or more. */
export function valueOf(position: Position): Usd {
  const cost = notionalOf(position.entryPrice, position.qty, 'half-even');
  const value =
    position.side === 'long'
      ? add(cost, position.unrealisedPnl)
      : sub(cost, position.unrealisedPnl);
  return max(value, ZERO_USD);
}

/** Price that the position's unrealised P&L was measured at; undefined for an empty position. */
export function markOf(position: Position): Price | undefined {
  if (position.qty <= 0n) return undefined;
  return mulDiv(valueOf(position), ONE_RATIO, { c: position.qty, rounding: 'half-even' }) as Price;
}
