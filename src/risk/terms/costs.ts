import {
  add,
  max,
  notionalOf,
  scaleBy,
  sub,
  type Price,
  type Qty,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import { pnlOf, type Side } from '../../domain/position.ts';

/** What a market fill is assumed to cost. Both are fractions of the price. */
export interface Costs {
  readonly takerFee: Ratio;
  readonly slippage: Ratio;
}

/** Price of a market order that opens `side`, worsened by the slippage. */
export const entryFill = (price: Price, side: Side, slippage: Ratio): Price =>
  side === 'long'
    ? add(price, scaleBy(price, slippage, 'up'))
    : sub(price, scaleBy(price, slippage, 'up'));

/** Price of a market order that closes `side`, worsened by the slippage. */
export const exitFill = (price: Price, side: Side, slippage: Ratio): Price =>
  entryFill(price, side === 'long' ? 'short' : 'long', slippage);

/**
 * Loss of one unit that enters at `entry` and leaves at `stop`, both by market orders: price loss + slippage + taker fees,
 * rounded up. `fees` is the part that is fees.
 */
export function unitLossAtStop(
  trade: { readonly side: Side; readonly entry: Price; readonly stop: Price },
  costs: Costs,
): { readonly loss: Price; readonly fees: Price } {
  const entered = entryFill(trade.entry, trade.side, costs.slippage);
  const left = exitFill(trade.stop, trade.side, costs.slippage);
  const fees = scaleBy(add(entered, left), costs.takerFee, 'up');
  const priceLoss = trade.side === 'long' ? sub(entered, left) : sub(left, entered);
  return { loss: add(priceLoss, fees), fees };
}

/** P&L against the entry price of closing `qty` by market at `price`: slippage and the exit fee are in it. */
export function pnlOfExit(
  position: { readonly side: Side; readonly qty: Qty; readonly entryPrice: Price },
  price: Price,
  costs: Costs,
): Usd {
  const exit = max(exitFill(price, position.side, costs.slippage), 0n as Price);
  const fee = scaleBy(notionalOf(exit, position.qty, 'up'), costs.takerFee, 'up');
  const gross = pnlOf(position, { entry: position.entryPrice, exit });
  return sub(gross, fee);
}
