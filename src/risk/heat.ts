import {
  max,
  mulDiv,
  neg,
  sub,
  sumUsd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../domain/money.ts';
import {
  leftBy,
  stopOf,
  stopReached,
  stopsOf,
  type Position,
  type ProtectiveOrder,
  type Side,
} from '../domain/position.ts';
import { pnlOfExit, type Costs } from './costs.ts';

/** What the loss of a position was measured at. */
export type HeatBasis = 'stop' | 'stop for a part' | 'liquidation' | 'margin';

/** What one position can still cost. Both amounts are 0 or more. */
export interface PositionHeat {
  readonly positionId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly stop?: Price;
  readonly basis: HeatBasis;
  /** Loss against the entry price when it ends there, exit fee and slippage included. */
  readonly loss: Usd;
  /** How far equity still falls from now until then: open profit that is given back counts. */
  readonly further: Usd;
  /** The part of `loss` that is not yet in equity as an open loss. */
  readonly notYetLost: Usd;
}

export interface Heat {
  readonly total: Usd;
  readonly further: Usd;
  readonly notYetLost: Usd;
  readonly rows: readonly PositionHeat[];
}

const part = (position: Position, qty: Qty): Pick<Position, 'side' | 'qty' | 'entryPrice'> => ({
  side: position.side,
  qty,
  entryPrice: position.entryPrice,
});

function unprotectedEnd(
  position: Position,
  rest: Qty,
  costs: Costs,
): { pnl: Usd; basis: HeatBasis } {
  const at = position.liquidationPrice;
  if (at !== undefined && stopReached(position.side, position.entryPrice, at)) {
    return { pnl: pnlOfExit(part(position, rest), at, costs), basis: 'liquidation' };
  }
  const margin = mulDiv(position.margin, rest, { c: position.qty, rounding: 'up' }) as Usd;
  return { pnl: neg(margin), basis: 'margin' };
}

/**
 * What one position loses when its resting stops fill, each for its part. Whatever no stop covers counts its loss at liquidation,
 * and its whole margin where the liquidation price is unknown.
 */
export function heatOfPosition(
  position: Position,
  protections: readonly ProtectiveOrder[],
  costs: Costs,
): PositionHeat {
  const stops = stopsOf(position, protections);
  const rest = leftBy(position, stops);
  const atStops = stops.map(({ price, covers }) => pnlOfExit(part(position, covers), price, costs));
  const open = rest > 0n ? unprotectedEnd(position, rest, costs) : undefined;
  const end = sumUsd([...atStops, open?.pnl ?? ZERO_USD]);
  const stop = stopOf(position, protections);
  const loss = max(neg(end), ZERO_USD);
  const openLoss = max(neg(position.unrealisedPnl), ZERO_USD);
  const basis: HeatBasis =
    open === undefined ? 'stop' : stops.length > 0 ? 'stop for a part' : open.basis;
  return {
    positionId: position.id,
    symbol: position.symbol,
    side: position.side,
    ...(stop === undefined ? {} : { stop: stop.price }),
    basis,
    loss,
    further: max(sub(position.unrealisedPnl, end), ZERO_USD),
    notYetLost: max(sub(loss, openLoss), ZERO_USD),
  };
}

/** Portfolio heat: what is lost if every stop fills. */
export function heatOf(
  positions: readonly Position[],
  protections: readonly ProtectiveOrder[],
  costs: Costs,
): Heat {
  const rows = positions.map((each) => heatOfPosition(each, protections, costs));
  return {
    total: sumUsd(rows.map((row) => row.loss)),
    further: sumUsd(rows.map((row) => row.further)),
    notYetLost: sumUsd(rows.map((row) => row.notYetLost)),
    rows,
  };
}
