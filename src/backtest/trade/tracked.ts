import type { Side } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { CandleColumns } from '../candles/candle-columns.ts';
import { fundingOf, isFundingTime, slipped, type TradingCosts } from './costs.ts';
import { bracketExit, type ExitReason, type Span } from './fills.ts';
import { excursionOf, widen, type Excursion, type Trade } from './trade.ts';

/** A signal that was entered and is tracked to its exit, candle by candle. Plain numbers, so that it can be stored between candles. */
export interface Tracked {
  readonly side: Side;
  readonly stop: number;
  readonly target: number;
  readonly entryTime: Timestamp;
  /** Slippage is in it. */
  readonly entry: number;
  readonly quantity: number;
  readonly excursion: Excursion;
  /** Candles seen so far. */
  candles: number;
  /** Negative when paid. */
  funding: number;
}

/** Everything about a tracked trade that does not depend on its symbol. */
export type TrackedResult = Omit<Trade, 'symbol' | 'category' | 'score'>;

export interface Entry {
  readonly side: Side;
  readonly stop: number;
  readonly target: number;
  /** Of the very next candle after the signal. */
  readonly open: number;
  readonly time: Timestamp;
  /** Quote currency; results in R do not depend on it. */
  readonly notional: number;
}

/** Enters at the open; undefined when it lies beyond stop or target already. */
export function beginTracking(entry: Entry, costs: TradingCosts): Tracked | undefined {
  const { side, stop, target, open, time, notional } = entry;
  if (bracketExit({ side, stop, target }, { open, high: open, low: open }) !== undefined) {
    return undefined;
  }
  const filled = slipped(open, { side, opens: true }, costs.slippage);
  return {
    side,
    stop,
    target,
    entryTime: time,
    entry: filled,
    quantity: notional / filled,
    excursion: { worst: filled, best: filled },
    candles: 0,
    funding: 0,
  };
}

/** One candle, the one of the entry included: funding, then stop before target. The result once it ended; changes `held` until then. */
export function trackCandle(
  held: Tracked,
  candle: Span & { readonly time: Timestamp },
  costs: TradingCosts,
): TrackedResult | undefined {
  const { time, open, low, high } = candle;
  if (time !== held.entryTime && isFundingTime(time)) {
    held.funding += fundingOf(held.side, held.quantity * open, costs.funding);
  }
  held.candles += 1;
  const touch = bracketExit(held, candle);
  if (touch !== undefined) {
    const { price, reason, gap } = touch;
    return endTracking(held, { time, price, reason, gap }, costs);
  }
  widen(held.excursion, low, high);
  return undefined;
}

/**
 * `trackCandle` for the rows from `from` on that touch neither stop nor target, without a candle as an object for each. Returns
 * the first row that touches one; `to` when none does.
 */
export function trackQuietRows(
  held: Tracked,
  { time, open, high, low }: CandleColumns,
  { from, to, costs }: { readonly from: number; readonly to: number; readonly costs: TradingCosts },
): number {
  const { side, stop, target, entryTime, excursion } = held;
  const [bottom, top] = side === 'long' ? [stop, target] : [target, stop];
  let { worst, best } = excursion;
  let { funding } = held;
  let row = from;
  for (; row < to; row += 1) {
    const first = open[row] ?? NaN;
    const lowest = low[row] ?? NaN;
    const highest = high[row] ?? NaN;
    if (lowest <= bottom || highest >= top || first <= bottom || first >= top) break;
    if (lowest < worst) worst = lowest;
    if (highest > best) best = highest;
    const now = time[row] ?? NaN;
    if (isFundingTime(now) && now !== entryTime) {
      funding += fundingOf(side, held.quantity * first, costs.funding);
    }
  }
  excursion.worst = worst;
  excursion.best = best;
  held.funding = funding;
  held.candles += row - from;
  return row;
}

export interface Ending {
  readonly time: Timestamp;
  readonly price: number;
  readonly reason: ExitReason;
  readonly gap: boolean;
}

/** The result of leaving at that price by a market order: slippage, and twice of it where the candle opened beyond the level. */
export function endTracking(held: Tracked, exit: Ending, costs: TradingCosts): TrackedResult {
  const { side, entry, quantity, stop } = held;
  const closes = { side, opens: false };
  const slippage = exit.gap ? 2 * costs.slippage : costs.slippage;
  const exitPrice = slipped(exit.price, closes, slippage);
  const gain = side === 'long' ? exitPrice - entry : entry - exitPrice;
  const fees = costs.takerFee * quantity * (entry + exitPrice);
  const stopped = slipped(stop, closes, costs.slippage);
  widen(held.excursion, exit.price, exit.price);
  const { mae, mfe } = excursionOf(held.excursion, side, entry);
  return {
    side,
    entryTime: held.entryTime,
    entryPrice: entry,
    exitTime: exit.time,
    exitPrice,
    quantity,
    fees,
    funding: held.funding,
    pnl: quantity * gain - fees + held.funding,
    reason: exit.reason,
    risk: quantity * Math.abs(entry - stopped) + costs.takerFee * quantity * (entry + stopped),
    candles: held.candles,
    mae,
    mfe,
  };
}
