/** Part of the plain loop (see `plain-breakdown.ts`): what the rule would sell, by the time at which it is known. */
import { CANDLE, type Columns, type Known } from './plain-market.ts';

/** An event with the levels of its close, in ticks. */
export interface Ask {
  readonly row: number;
  readonly isClean: boolean;
  readonly stop: number;
  readonly target: number;
}

export interface Market extends Known {
  readonly symbol: string;
  readonly candles: Columns;
  readonly asks: readonly Ask[];
}

export interface Wish extends Ask {
  readonly place: number;
  readonly market: Market;
  readonly turnover: number;
}

export const feeOf = (value: number): number => Math.round((value * 6) / 10_000);

/** Decimals of a size: the largest power of ten that is worth 0.1 or less. */
export const stepOf = ({ candles }: Market): number =>
  Math.min(12, Math.max(0, Math.ceil(Math.log10((candles.close[0] ?? NaN) / 0.1))));

/** What a size is worth at a price. */
export const worth = (market: Market, ticks: number, size: number): number =>
  Math.round((ticks * size) / 10 ** (market.candles.decimals + stepOf(market) - 8));

/** By the time at which they are known, best first. */
export function wishesOf(markets: readonly Market[]): ReadonlyMap<number, readonly Wish[]> {
  const all = new Map<number, Wish[]>();
  for (const [place, market] of markets.entries()) {
    for (const ask of market.asks) {
      const at = (market.candles.time[ask.row] ?? NaN) + CANDLE;
      const turnover = market.turnover[ask.row] ?? NaN;
      const own = all.get(at) ?? [];
      own.push({ ...ask, place, market, turnover });
      all.set(at, own);
    }
  }
  for (const own of all.values()) {
    own.sort(
      (one, other) =>
        Number(other.isClean) - Number(one.isClean) ||
        other.turnover - one.turnover ||
        one.place - other.place,
    );
  }
  return all;
}

/** By the ATR as a fraction of the price. */
export const leverageOf = (restless: number): number => {
  if (restless <= 0.0075) return 5;
  if (restless <= 0.01) return 4;
  if (restless <= 0.015) return 3;
  return restless <= 0.025 ? 2 : 1;
};
