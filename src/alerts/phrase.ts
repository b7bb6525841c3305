import { listText, numberText } from '../domain/words/words.ts';
import type { Qty } from '../domain/money/money.ts';
import { stopsOf, type Position, type ProtectiveOrder, type Side } from '../domain/position.ts';

export { signedUsd } from '../domain/money/money.ts';
export { numberText, percentText } from '../domain/words/words.ts';

/** "ETHUSDT long". */
export const nameOf = (of: { readonly symbol: string; readonly side: Side }): string =>
  `${of.symbol} ${of.side}`;

/** "stop resting at 100.5", "stops resting at 100.5 and 99", or which part has none: as they rest, whether or not they work. */
export function restingStops(position: Position, protections: readonly ProtectiveOrder[]): string {
  const { parts: stops, uncovered: left } = stopsOf(position, protections);
  if (stops.length === 0) return `${NO_STOP} is resting`;
  const prices = listText([...new Set(stops.map(({ price }) => numberText(price)))]);
  const rest = left > 0n ? `, ${NO_STOP} for ${numberText(left)} of it` : '';
  return `${stops.length > 1 ? 'stops' : 'stop'} resting at ${prices}${rest}`;
}

const NO_STOP = 'NO STOP';

/** "stop resting at 100.5, target at 110, target for 5 of it at 105": what `restingStops` says, and each target that there is. */
export function restingOrders(position: Position, protections: readonly ProtectiveOrder[]): string {
  const { target, partTargets } = stopsOf(position, protections);
  return [
    restingStops(position, protections),
    ...(target === undefined ? [] : [`target at ${numberText(target)}`]),
    ...partTargets.map(
      ({ qty, price }) => `target for ${partText(qty, position)} at ${numberText(price)}`,
    ),
  ].join(', ');
}

/** "5 of it", or that so much is all that is open. */
const partText = (qty: Qty, position: Position): string =>
  `${numberText(qty)}${qty < position.qty ? ' of it' : ', which is all of it now,'}`;

/** "stop resting" as a sentence: "Stop resting." */
export const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
