import type { Instrument } from './instrument.ts';
import type { Interval } from './interval.ts';

/** One candle; prices in ticks of the contract, volumes as plain numbers. `time` is its open, Unix ms. */
export interface Candle {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly baseVolume: number;
  readonly quoteVolume: number;
}

/** A point of the last-price path. Between two points the price moves straight, except into a `jump`, which is a gap. */
export interface PathPoint {
  readonly time: number;
  readonly ticks: number;
  readonly jump: boolean;
}

export type CandleEnd = 'low' | 'high';

/** Venue time in (from, to]. `first`: which end of a candle comes first, where the market leaves that open. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly first?: CandleEnd | undefined;
}

export interface CandleRequest {
  readonly interval: Interval;
  /** First and last open time wanted, inclusive. */
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  /** Only candles that had closed by then are given. */
  readonly now: number;
}

/** As far as a price can be moved: beyond, the digits of a number would no longer tell one tick from the next. */
export const MOST_TICKS = 1e12;

/** What the venue needs from a market. Contracts are addressed by their place in `instruments`. */
export interface Market {
  readonly instruments: readonly Instrument[];
  indexOf(symbol: string): number | undefined;
  /** Last price in ticks at a venue time; undefined before the contract's first trade. */
  last(index: number, time: number): number | undefined;
  /** The path over the stretch, ending with a point at its `to`; empty when the price is unknown there. */
  path(index: number, stretch: Stretch): PathPoint[];
  /** Everything that traded in [from, to) as one candle; undefined when nothing did. */
  span(index: number, from: number, to: number): Candle | undefined;
  /** Closed candles, oldest first. */
  candles(index: number, request: CandleRequest): Candle[] | Promise<Candle[]>;
  /** Shortest candle that the market can give, ms. */
  readonly finest: number;
  /** The last 24 hours, when the market knows them better than its own candles do. */
  day?(index: number): Candle | undefined;
  /** Funding of the coming settlement, a fraction, when the market knows it. */
  fundingRate?(index: number): number | undefined;
  /** Ends what the market has running. */
  readonly stop?: () => void;
  /** Multiplies the price from `time` on, as far as it stays between one tick and `MOST_TICKS`. */
  move(index: number, time: number, factor: number): void;
  /** Brings the price to exactly that many ticks at `time`, and moves on from there. */
  moveTo(index: number, time: number, ticks: number): void;
  /** Every move so far, for a restart. */
  moves(): readonly MarketMove[];
}

export interface MarketMove {
  readonly symbol: string;
  readonly time: number;
  readonly factor: number;
}

/** Candles of a run of opens, oldest first, built by asking for one span after the other, newest first up to the limit. */
export function candlesBySpan(market: Market, index: number, request: CandleRequest): Candle[] {
  const { interval, limit, now } = request;
  const rows: Candle[] = [];
  const earliest = request.from ?? -Infinity;
  let open = interval.floor(Math.min(request.to ?? now, now));
  for (let misses = 0; rows.length < limit && open >= earliest && misses < 400;) {
    const end = interval.next(open);
    const candle = end <= now ? market.span(index, open, end) : undefined;
    if (candle === undefined) misses += 1;
    else {
      rows.push({ ...candle, time: open });
      misses = 0;
    }
    open = interval.floor(open - 1);
  }
  return rows.toReversed();
}
