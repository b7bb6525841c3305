import {
  abs,
  add,
  mulDiv,
  neg,
  notionalOf,
  sub,
  ZERO_QTY,
  ZERO_USD,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import type { Fill } from '../../domain/order.ts';
import type { Position, Side } from '../../domain/position.ts';

/** One side of a symbol: how much is open, and what it cost. */
export interface Leg {
  readonly qty: Qty;
  readonly cost: Usd;
}

/** Both sides of a symbol; in one-way mode one of them is empty. */
export interface Legs {
  readonly long: Leg;
  readonly short: Leg;
}

/** What a fill did. `signed` is below 0 where it sold; `legs` is what it left open. */
export interface FillEffect {
  readonly fill: Fill;
  readonly signed: Qty;
  readonly legs: Legs;
}

const NOTHING: Leg = { qty: ZERO_QTY, cost: ZERO_USD };
export const NO_LEGS: Legs = { long: NOTHING, short: NOTHING };

/** What is open of one symbol, both sides apart. */
export function legsOf(positions: readonly Position[]): Legs {
  return positions.reduce((legs, each) => {
    const { side, entryPrice, qty } = each;
    return opened(legs, side, { qty, cost: notionalOf(entryPrice, qty, 'half-even') });
  }, NO_LEGS);
}

/** What is open in all, short below 0. */
export const netOf = ({ long, short }: Legs): Qty => sub(long.qty, short.qty);

/** What the side of a fill that closes in hedge mode says: what was done, or the side that was asked for, which is the position's. */
type Printing = 'action' | 'requested';

/**
 * What the fills of one symbol did, oldest first, from what was open before them to what is open after. Which side a fill closed
 * follows from what was open then and from its realised profit, whichever of the two meanings its `side` has. Undefined when the fills do
 * not lead from one to the other, or do so in two ways: then they are no evidence.
 */
export function followFills(
  from: Legs,
  fills: readonly Fill[],
  to: Legs,
): readonly FillEffect[] | undefined {
  const readings = (['action', 'requested'] as const)
    .map((printing) => follow(from, fills, printing))
    .filter((each) => each !== undefined)
    .filter(({ legs }) => legs.long.qty === to.long.qty && legs.short.qty === to.short.qty);
  const [first, second] = readings;
  const agree =
    second === undefined ||
    first?.effects.every((effect, at) => effect.signed === second.effects[at]?.signed);
  return agree === true ? first?.effects : undefined;
}

interface Reading {
  readonly legs: Legs;
  readonly effects: readonly FillEffect[];
}

function follow(from: Legs, fills: readonly Fill[], printing: Printing): Reading | undefined {
  let legs = from;
  const effects: FillEffect[] = [];
  for (const fill of fills) {
    const next =
      fill.positionMode === 'one-way' ? netted(legs, fill) : hedged(legs, fill, printing);
    if (next === undefined) return undefined;
    effects.push({ fill, signed: sub(netOf(next), netOf(legs)), legs: next });
    legs = next;
  }
  return { legs, effects };
}

/** One-way mode: the side is what was done; it closes first and opens with the rest. */
function netted(legs: Legs, fill: Fill): Legs | undefined {
  const side = fill.side === 'buy' ? 'long' : 'short';
  const other = fill.side === 'buy' ? 'short' : 'long';
  const held = legs[other].qty;
  if (fill.reduceOnly && fill.qty > held) return undefined;
  const closing = fill.qty < held ? fill.qty : held;
  const rest = sub(fill.qty, closing);
  const left = closing === 0n ? legs : closed(legs, other, closing);
  return rest === 0n ? left : opened(left, side, partOf(fill, rest));
}

/** Hedge mode: what neither reduces nor realises opens its own side. */
function hedged(legs: Legs, fill: Fill, printing: Printing): Legs | undefined {
  if (!fill.reduceOnly && fill.realisedGross === 0n)
    return opened(legs, fill.side === 'buy' ? 'long' : 'short', partOf(fill, fill.qty));
  const side = closedSide(legs, fill, printing);
  return side === undefined ? undefined : closed(legs, side, fill.qty);
}

/** Of two sides that could have been closed, the nearer one's profit must be this much nearer to what was realised. */
const CLEARLY = 4n;

function closedSide(legs: Legs, fill: Fill, printing: Printing): Side | undefined {
  const [one, two] = (['long', 'short'] as const)
    .filter((side) => legs[side].qty >= fill.qty)
    .map((side) => ({ side, off: abs(sub(fill.realisedGross, profitOf(legs[side], side, fill))) }))
    .toSorted((a, b) => (a.off < b.off ? -1 : 1));
  if (one === undefined || two === undefined || one.off * CLEARLY < two.off) return one?.side;
  // Both would have realised the same: only the side is left to go by.
  return (fill.side === 'sell') === (printing === 'action') ? 'long' : 'short';
}

function profitOf(leg: Leg, side: Side, fill: Fill): Usd {
  const value = notionalOf(fill.price, fill.qty, 'half-even');
  const cost = costOf(leg, fill.qty);
  return side === 'long' ? sub(value, cost) : sub(cost, value);
}

const partOf = (fill: Fill, qty: Qty): Leg => ({
  qty,
  cost: notionalOf(fill.price, qty, 'half-even'),
});

const costOf = (leg: Leg, qty: Qty): Usd =>
  mulDiv(leg.cost, qty, { c: leg.qty, rounding: 'half-even' }) as Usd;

const opened = (legs: Legs, side: Side, more: Leg): Legs => ({
  ...legs,
  [side]: { qty: add(legs[side].qty, more.qty), cost: add(legs[side].cost, more.cost) },
});

const closed = (legs: Legs, side: Side, qty: Qty): Legs => ({
  ...legs,
  [side]: { qty: sub(legs[side].qty, qty), cost: sub(legs[side].cost, costOf(legs[side], qty)) },
});

/** What a fill did to the money: bought for, or sold for, less its fee. */
export const cashOf = ({ fill, signed }: FillEffect): Usd =>
  sub(neg(notionalOf(fill.price, signed, 'half-even')), fill.fee);
