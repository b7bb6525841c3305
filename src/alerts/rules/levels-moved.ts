import type { Finding } from '../../domain/alert.ts';
import { min, sumUsd, type Price, type Qty, type Usd } from '../../domain/money/money.ts';
import { listText } from '../../domain/words/words.ts';
import { pnlOf, stopReached, type Position, type RestingStop } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import { FOREIGN, NOT_VIGIL } from './not-ours.ts';

/** The resting stop and target of a position, as far as there are any. */
export interface Levels {
  readonly stop?: Price;
  readonly target?: Price;
  /** Every stop; absent in what was stored before this was. */
  readonly stops?: readonly RestingStop[];
  /** How large the position was; absent as well. */
  readonly size?: Qty;
}

/** Whether they are the same ones; what is not known is no difference. */
export const sameStops = (
  one: readonly RestingStop[] | undefined,
  other: readonly RestingStop[] | undefined,
): boolean =>
  one === undefined ||
  other === undefined ||
  (one.length === other.length &&
    one.every(
      ({ price, qty }, index) => price === other[index]?.price && qty === other[index].qty,
    ));

/**
 * A stop or target that another hand moved. A stop that lets the position lose more is a warning; one that is gone altogether is
 * told by `unprotected`. Undefined when nothing moved.
 */
export function levelsMoved(
  position: Position,
  moved: { readonly from: Levels; readonly to: Levels },
  now: Timestamp,
): Finding | undefined {
  const { from, to } = moved;
  const stop = partsLine(position, from, to) ?? stopLine(position, from.stop, to.stop);
  const target = targetLine(moved.from.target, moved.to.target);
  if (stop === undefined && target === undefined) return undefined;
  return {
    key: `levels-moved:${position.id}:${moved.to.stop ?? 'none'}:${moved.to.target ?? 'none'}:${now}`,
    kind: 'notice',
    ...(stop?.looser === true ? FOREIGN : { severity: 'info' }),
    title: `${nameOf(position)}: ${[stop?.title, target].filter((each) => each !== undefined).join('; ')}`,
    lines: [...(stop === undefined ? [] : [stop.line]), NOT_VIGIL],
    chart: { kind: 'position', id: position.id },
    at: now,
  };
}

/**
 * Where more than one stop rests, or did: what was changed among them. Undefined while the position has changed its size as well: then a
 * stop for a part of it has filled, which is told with the position.
 */
function partsLine(position: Position, from: Levels, to: Levels): ReturnType<typeof stopLine> {
  const [before, after] = [from.stops ?? [], to.stops ?? []];
  if (before.length === 0 || after.length === 0 || before.length + after.length === 2)
    return undefined;
  if (sameStops(from.stops, to.stops) || from.size !== to.size) return undefined;
  const [was, is] = [resultAtStops(position, before), resultAtStops(position, after)];
  return {
    title: `its stops were changed from ${stopsText(before)} to ${stopsText(after)}`,
    line: `If they all fill, the part that they cover makes about ${signedUsd(is)} before fees and funding; it was ${signedUsd(was)}.`,
    looser: is < was || after.length < before.length,
  };
}

const stopsText = (stops: readonly RestingStop[]): string =>
  listText(
    stops.map(({ price, qty }) =>
      qty === undefined ? numberText(price) : `${numberText(price)} for ${numberText(qty)}`,
    ),
  );

const resultAtStops = (position: Position, stops: readonly RestingStop[]): Usd =>
  sumUsd(
    stops.map(({ price, qty = position.qty }) =>
      pnlOf(
        { ...position, qty: min(qty, position.qty) },
        { entry: position.entryPrice, exit: price },
      ),
    ),
  );

function stopLine(
  position: Position,
  from: Price | undefined,
  to: Price | undefined,
): { readonly title: string; readonly line: string; readonly looser: boolean } | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  const resultAt = (exit: Price): string =>
    signedUsd(pnlOf(position, { entry: position.entryPrice, exit }));
  return {
    title: `its stop was moved from ${numberText(from)} to ${numberText(to)}`,
    line: `At the new stop the result is about ${resultAt(to)} before fees and funding; at the old one it was ${resultAt(from)}.`,
    looser: stopReached(position.side, from, to),
  };
}

function targetLine(from: Price | undefined, to: Price | undefined): string | undefined {
  if (from === undefined || from === to) return undefined;
  return to === undefined
    ? `its target at ${numberText(from)} is gone`
    : `its target was moved from ${numberText(from)} to ${numberText(to)}`;
}
