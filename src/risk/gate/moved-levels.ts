import type { Price } from '../../domain/money/money.ts';
import {
  partTargetOf,
  stopsOf,
  type Position,
  type ProtectiveOrder,
} from '../../domain/position.ts';

/** Levels of the exchange's TP/SL of the whole position. */
export interface PlacedLevels {
  readonly stop?: Price;
  readonly target?: Price;
}

/**
 * What the exchange's TP/SL of the whole position becomes. What rests for a part of it stays; what rests with a size of its own for all
 * of it gives way, or the nearer of two stops would still close it. A leg that was not asked for keeps its level.
 */
export function withLevels(
  position: Position,
  protections: readonly ProtectiveOrder[],
  { stop, target }: { readonly stop: Price | undefined; readonly target: Price | undefined },
): {
  readonly placed: PlacedLevels;
  readonly replaces: readonly ProtectiveOrder[];
  readonly changed: readonly ProtectiveOrder[];
} {
  const mine = protections.filter(({ positionId }) => positionId === position.id);
  const own = mine.filter((each) => each.stopQty === undefined && each.targetQty === undefined);
  const replaces = mine.filter(
    (each) =>
      !own.includes(each) &&
      isForAll(position, each) &&
      ((stop !== undefined && each.stopPrice !== undefined) ||
        (target !== undefined && each.targetPrice !== undefined)),
  );
  const kept = stopsOf(position, [...replaces, ...own]);
  const stays = replaces.length === 0 ? {} : { stop: kept.parts[0]?.price, target: kept.target };
  const [newStop, newTarget] = [stop ?? stays.stop, target ?? stays.target];
  const whole = {
    ...(own[0] ?? { id: 'new', positionId: position.id, symbol: position.symbol }),
    ...(newStop === undefined ? {} : { stopPrice: newStop }),
    ...(newTarget === undefined ? {} : { targetPrice: newTarget }),
  };
  return {
    placed: {
      ...(newStop === undefined ? {} : { stop: newStop }),
      ...(newTarget === undefined ? {} : { target: newTarget }),
    },
    replaces,
    changed: [
      ...protections.filter((each) => !own.includes(each) && !replaces.includes(each)),
      whole,
    ],
  };
}

/** Each leg that it has is for at least as much as is open, and it is no target for a part. */
const isForAll = (position: Position, order: ProtectiveOrder): boolean => {
  const { qty } = position;
  const { stopPrice, stopQty = qty, targetPrice, targetQty = qty } = order;
  if (partTargetOf(order, position) !== undefined) return false;
  return (
    (stopPrice === undefined || stopQty >= qty) && (targetPrice === undefined || targetQty >= qty)
  );
};
