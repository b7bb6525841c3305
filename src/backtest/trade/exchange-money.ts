import {
  add,
  divideBy,
  max,
  notionalOf,
  roundToStep,
  scaleBy,
  stepOfDecimals,
  sub,
  type Price,
  type Qty,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';

/**
 * How the exchange keeps its books: money has 8 decimals, halves away from zero; required margin is rounded up. The simulated
 * venue does the same on its own, and a test compares the two to the last digit.
 */
const UNIT = stepOfDecimals(8) as Usd;
const onBooks = (value: Usd): Usd => roundToStep(value, UNIT, 'half-up');

/** What a quantity is worth at a price. */
export const bookValue = (at: Price, qty: Qty): Usd => onBooks(notionalOf(at, qty, 'half-even'));

/** A part of a value: a fee or a funding payment. */
export const bookShare = (value: Usd, rate: Ratio): Usd =>
  onBooks(scaleBy(value, rate, 'half-even'));

/** Initial margin of a position of that value. */
export const bookMargin = (value: Usd, leverage: number): Usd =>
  roundToStep(divideBy(value, leverage, 'up'), UNIT, 'up');

/** Price of a market order: worse than `from` by the slippage, on the tick, rounded against whoever pays; never below 0. */
export function marketFill(
  from: Price,
  order: { readonly buys: boolean; readonly slippage: Ratio; readonly tick: Price },
): Price {
  const worse = scaleBy(from, order.slippage, 'up');
  return order.buys
    ? roundToStep(add(from, worse), order.tick, 'up')
    : max(roundToStep(sub(from, worse), order.tick, 'down'), 0n as Price);
}
