import {
  abs,
  add,
  neg,
  notionalOf,
  sub,
  sumUsd,
  ZERO_USD,
  type Usd,
} from '../../domain/money/money.ts';
import type { Fill } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What an open position has added to, or taken from, the wallet since a moment. Fees are a cost, 0 or more. */
export interface Taken {
  readonly gross: Usd;
  readonly fees: Usd;
  readonly funding: Usd;
  /** False: funding since that moment cannot be told from what was paid before, and none is counted. */
  readonly fundingKnown: boolean;
  /** True: the exchange does not say all that it cost; what is missing is not counted. */
  readonly costsUnknown: boolean;
  /** Whether parts of the position were closed in that time. */
  readonly parts: boolean;
}

/** Whether the fills since `start` are needed to say what of a position's result belongs to the time since then. */
export const needsFills = (position: Position, start: Timestamp): boolean =>
  position.openedAt < start && position.realisedGross !== ZERO_USD;

/** What else was open of the same symbol at some time since then, and what it cost. */
export type Other = Pick<Position, 'symbol' | 'side' | 'entryPrice'>;

/**
 * Realised so far since `start`: all that the position itself tells where it was opened since, otherwise its fills since. Of an older
 * position from which nothing was ever taken nothing counts. `others`: what else was open since `start`.
 */
export function takenSince(
  position: Position,
  since: {
    readonly fills: readonly Fill[];
    readonly start: Timestamp;
    readonly others: readonly Other[];
  },
): Taken {
  const { start } = since;
  const { realisedGross, fees, funding } = position;
  const costsUnknown = position.costsUnknown === true;
  if (position.openedAt >= start) {
    const parts = realisedGross !== 0n;
    return { gross: realisedGross, fees, funding, fundingKnown: true, costsUnknown, parts };
  }
  const nothing = {
    gross: ZERO_USD,
    fees: ZERO_USD,
    funding: ZERO_USD,
    costsUnknown,
    parts: false,
  };
  if (!needsFills(position, start)) return { ...nothing, fundingKnown: true };
  const own = ownFills(position, since);
  return {
    gross: sumUsd(own.map((each) => each.realisedGross)),
    fees: abs(sumUsd(own.map((each) => each.fee))),
    funding: ZERO_USD,
    fundingKnown: false,
    costsUnknown: costsUnknown || own.some((each) => each.feeUnknown === true),
    parts: own.some(closes),
  };
}

/** The fills that opened or closed a part of the position since `start`. */
export function ownFills(
  position: Position,
  since: {
    readonly fills: readonly Fill[];
    readonly start: Timestamp;
    readonly others: readonly Other[];
  },
): readonly Fill[] {
  const others = since.others.filter(
    ({ symbol, side }) => symbol === position.symbol && side !== position.side,
  );
  return since.fills.filter(
    (each) =>
      each.symbol === position.symbol &&
      each.at >= Math.max(since.start, position.openedAt) &&
      belongs(each, { position, others }),
  );
}

/** What its parts that were closed since `start` have realised, less what closing them cost; each by itself. */
export const closedParts = (
  position: Position,
  since: Parameters<typeof ownFills>[1],
): readonly { readonly at: Timestamp; readonly net: Usd }[] =>
  ownFills(position, since)
    .filter(closes)
    .map(({ at, realisedGross, fee }) => ({ at, net: sub(realisedGross, abs(fee)) }));

const closes = (fill: Fill): boolean => fill.reduceOnly || fill.realisedGross !== ZERO_USD;

/**
 * Whether a fill opened more of the position or closed a part of it. In hedge mode the side of a closing fill may have either meaning (`Fill`): it
 * is that of the position at whose entry price its size would have realised what it did.
 */
function belongs(
  fill: Fill,
  { position, others }: { readonly position: Position; readonly others: readonly Other[] },
): boolean {
  const adding = position.side === 'long' ? 'buy' : 'sell';
  if (!closes(fill)) return fill.side === adding;
  if (fill.positionMode === 'one-way') return fill.side !== adding;
  const off = (each: Other): Usd => abs(sub(fill.realisedGross, profitOf(fill, each)));
  const own = off(position);
  return others.every((each) => own < off(each) || (own === off(each) && fill.side !== adding));
}

function profitOf({ price, qty }: Fill, { side, entryPrice }: Other): Usd {
  const value = notionalOf(price, qty, 'half-even');
  const cost = notionalOf(entryPrice, qty, 'half-even');
  return side === 'long' ? sub(value, cost) : sub(cost, value);
}

/** gross - fees + funding. */
export const netOf = ({ gross, fees, funding }: Pick<Taken, 'gross' | 'fees' | 'funding'>): Usd =>
  add(add(gross, neg(fees)), funding);
