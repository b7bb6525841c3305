import { HOUR, type Timestamp } from '../../domain/time.ts';
import { toNumber, type Ratio } from '../../domain/money/money.ts';
import { DEFAULT_LIMITS } from '../../risk/terms/limits.ts';
import type { Side } from '../../domain/position.ts';

/** What trading costs in a backtest. Fractions of notional or of the price. */
export interface TradingCosts {
  readonly takerFee: number;
  /** Worsens market fills, which stops and targets are too. Doubled where a candle opened beyond the stop or target. */
  readonly slippage: number;
  /** Per 8 h, paid by longs where no history of rates is given. */
  readonly funding: number;
}

/** Those that the gate assumes, and a usual rate of funding. */
export const DEFAULT_COSTS: TradingCosts = {
  takerFee: toNumber(DEFAULT_LIMITS.takerFee),
  slippage: toNumber(DEFAULT_LIMITS.slippage),
  funding: 0.0001,
};

/** What a contract's longs paid its shorts, as recorded: nothing else was settled from `from` on. */
export interface FundingHistory {
  readonly from: Timestamp;
  /** By the time of the settlement, on the hour. A negative rate was paid by the shorts. */
  readonly rates: ReadonlyMap<Timestamp, Ratio>;
}

const FUNDING_EVERY_MS = 8 * HOUR;

/** Without a history funding is settled at 00, 08 and 16 h UTC. By division: it is asked of every row, and a remainder costs more. */
export const isFundingTime = (openTime: Timestamp): boolean =>
  Number.isInteger(openTime / FUNDING_EVERY_MS);

/**
 * What a position pays at a settlement, negative. Without a history of rates a long pays the assumed rate, and a short receives
 * nothing: income that nobody measured is not counted.
 */
export const fundingOf = (side: Side, notional: number, rate: number): number =>
  side === 'long' ? 0 - notional * rate : 0;

/** A market fill, worsened by slippage. `opens`: whether it opens a position of that side. */
export function slipped(
  price: number,
  { side, opens }: { readonly side: Side; readonly opens: boolean },
  slippage: number,
): number {
  const buys = (side === 'long') === opens;
  return buys ? price * (1 + slippage) : price * (1 - slippage);
}
