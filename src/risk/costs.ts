import {
  add,
  max,
  mulDiv,
  notionalOf,
  scaleBy,
  sub,
  ONE_RATIO,
  type Price,
  type Qty,
  type Ratio,
  type Usd,
} from '../domain/money.ts';
import { pnlOf, type Side } from '../domain/position.ts';

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

/**
 * Reward and risk of one unit after taker fees on both legs, without slippage, as exact fractions: reward is what the target
 * earns, risk what the stop costs. Reward may be negative when the fees eat it.
 */
export function rewardAndRisk(
  trade: {
    readonly side: Side;
    readonly entry: Price;
    readonly stop: Price;
    readonly target: Price;
  },
  takerFee: Ratio,
): { readonly reward: Price; readonly risk: Price } {
  const long = trade.side === 'long';
  const gain = long ? sub(trade.target, trade.entry) : sub(trade.entry, trade.target);
  const loss = long ? sub(trade.entry, trade.stop) : sub(trade.stop, trade.entry);
  return {
    reward: sub(gain, scaleBy(add(trade.entry, trade.target), takerFee, 'up')),
    risk: add(loss, scaleBy(add(trade.entry, trade.stop), takerFee, 'up')),
  };
}

/** Whether reward ÷ risk reaches `least` (a ratio), decided without rounding. */
export const reaches = (
  pair: { readonly reward: Price; readonly risk: Price },
  least: Ratio,
): boolean => pair.reward * ONE_RATIO >= pair.risk * least;

/** reward ÷ risk as a ratio, rounded down; undefined when risk is not above 0. */
export const rewardRiskOf = (pair: {
  readonly reward: Price;
  readonly risk: Price;
}): Ratio | undefined =>
  pair.risk <= 0n
    ? undefined
    : (mulDiv(pair.reward, ONE_RATIO, { c: pair.risk, rounding: 'down' }) as Ratio);
