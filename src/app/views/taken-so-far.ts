import { abs, add, neg, sumUsd, ZERO_USD, type Usd } from '../../domain/money/money.ts';
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

/**
 * Realised so far since `start`: all that the position itself tells where it was opened since, otherwise its fills since. Of an older
 * position from which nothing was ever taken nothing counts.
 */
export function takenSince(
  position: Position,
  { fills, start }: { readonly fills: readonly Fill[]; readonly start: Timestamp },
): Taken {
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
  const closing = position.side === 'long' ? 'sell' : 'buy';
  // A fill of the other side with a result closed a position of that other side, in hedge mode.
  const own = fills.filter(
    (each) =>
      each.symbol === position.symbol &&
      each.at >= start &&
      (each.side === closing) === (each.reduceOnly || each.realisedGross !== 0n),
  );
  return {
    gross: sumUsd(own.map((each) => each.realisedGross)),
    fees: abs(sumUsd(own.map((each) => each.fee))),
    funding: ZERO_USD,
    fundingKnown: false,
    costsUnknown: costsUnknown || own.some((each) => each.feeUnknown === true),
    parts: own.some((each) => each.side === closing),
  };
}

/** gross - fees + funding. */
export const netOf = ({ gross, fees, funding }: Pick<Taken, 'gross' | 'fees' | 'funding'>): Usd =>
  add(add(gross, neg(fees)), funding);
