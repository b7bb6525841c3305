import { equityOf } from '../../domain/account.ts';
import type { RiskTier } from '../../domain/instrument.ts';
import { ZERO_RATIO } from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import {
  correlatedSameSide,
  MIN_COMMON_RETURNS,
  returnsOf,
  returnsSince,
  type Returns,
} from '../../risk/portfolio/correlation.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import { marginRatioOf } from '../../risk/terms/margin-ratio.ts';
import type { MarketReading } from '../../risk/terms/market-reading.ts';
import type { Book } from '../trade/book.ts';
import { closedRows, type CandleColumns } from '../candles/candle-columns.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import type { Timeline } from './timeline.ts';

/** What the gate and the emergency stop want to know about the markets at a moment: from closed candles alone, as live. */
export interface MarketContext {
  reading(book: Book, at: Timestamp): MarketReading;
  /**
   * Open positions of the candidate's side that move with it. Undefined where the side has too few positions for the limit
   * anyway: the gate then counts all of them.
   */
  correlated(
    book: Book,
    candidate: { readonly symbol: string; readonly side: Side },
    at: Timestamp,
  ): number | undefined;
}

export function createMarketContext(
  markets: readonly PortfolioMarket[],
  limits: RiskLimits,
  { candleMs, volatility }: Timeline,
): MarketContext {
  const bySymbol = new Map(markets.map((market) => [market.instrument.symbol, market]));
  const tiers = new Map(markets.map((each) => [each.instrument.symbol, each.tiers]));
  /** The returns of the hour that is asked about: many candidates ask about the same positions. */
  const known = new Map<string, Returns | undefined>();
  let knownAt: Timestamp | undefined;

  function returnsBefore(symbol: string, at: Timestamp): Returns | undefined {
    if (at !== knownAt) known.clear();
    knownAt = at;
    if (!known.has(symbol)) {
      const candles = bySymbol.get(symbol)?.columns.candles;
      known.set(symbol, candles === undefined ? undefined : returnsAt(candles, at, candleMs));
    }
    return known.get(symbol);
  }

  return {
    reading(book, at) {
      const btcAtr = volatility === undefined ? 'not listed' : volatility.get(at);
      const marginRatio = marginRatioAt(book, tiers, at);
      return {
        ...(btcAtr === undefined ? {} : { btcAtr }),
        ...(marginRatio === undefined ? {} : { marginRatio }),
      };
    },
    correlated(book, candidate, at) {
      const positions = book.holdings().map(({ position }) => position);
      const sameSide = positions.filter(({ side }) => side === candidate.side);
      if (sameSide.length < limits.maxCorrelated) return undefined;
      // A week of candles so long never tells how two coins move together: unknown counts as together.
      if ((at - returnsSince(at)) / candleMs <= MIN_COMMON_RETURNS) return sameSide.length;
      const returns = new Map<string, Returns>();
      for (const symbol of [candidate.symbol, ...sameSide.map((each) => each.symbol)]) {
        const found = returnsBefore(symbol, at);
        if (found !== undefined && found.size > 0) returns.set(symbol, found);
      }
      return correlatedSameSide(candidate, { positions, returns }, limits);
    },
  };
}

function marginRatioAt(
  book: Book,
  tiers: ReadonlyMap<string, readonly RiskTier[]>,
  at: Timestamp,
): MarketReading['marginRatio'] {
  const positions = book.holdings().map(({ position }) => position);
  if (positions.length === 0) return ZERO_RATIO;
  return marginRatioOf(positions, tiers, equityOf(book.account(at)));
}

const returnsAt = (candles: CandleColumns, at: Timestamp, candleMs: number): Returns =>
  returnsOf(
    closedRows(candles, { from: returnsSince(at), at, candleMs }).map(({ openTime, close }) => ({
      at: openTime + candleMs,
      close,
    })),
    candleMs,
  );
