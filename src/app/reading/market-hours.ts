import { lastClosedOpenTime, type Candle } from '../../domain/candle.ts';
import type { Timestamp } from '../../domain/time.ts';
import { MARKET_SYMBOL, usualSince } from '../../signals/market-volatility.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { Ports } from '../ports/ports.ts';

/** One page of the exchange's history. */
const PAGE = 200;

/** What one process has fetched. Kept in memory alone: a lost store loses nothing, and a start fetches it anew. */
interface Hours {
  candles: readonly Candle[];
  /** The exchange has nothing older. */
  complete: boolean;
  fetching: Promise<readonly Candle[]> | undefined;
}

const kept = new WeakMap<MarketData, Hours>();

/**
 * Bitcoin's closed 1 h candles of the last 30 days, oldest first: four requests at first, then one for each new hour. Fewer when the
 * exchange has no more. Rejects with ExchangeFailure while they cannot be fetched, or where it has none.
 */
export function readMarketHours({
  market,
  clock,
}: Pick<Ports, 'market' | 'clock'>): Promise<readonly Candle[]> {
  const hours: Hours = kept.get(market) ?? { candles: [], complete: false, fetching: undefined };
  kept.set(market, hours);
  const last = lastClosedOpenTime('1h', clock.now());
  if (hours.complete && hours.candles.at(-1)?.openTime === last) {
    return Promise.resolve(hours.candles);
  }
  hours.fetching ??= fetchHours(market, hours, last).finally(() => (hours.fetching = undefined));
  return hours.fetching;
}

async function fetchHours(
  market: MarketData,
  hours: Hours,
  last: Timestamp,
): Promise<readonly Candle[]> {
  const first = usualSince(last);
  const page = (endTime?: Timestamp) =>
    market.candles({
      symbol: MARKET_SYMBOL,
      interval: '1h',
      limit: PAGE,
      ...(endTime === undefined ? {} : { endTime }),
    });
  if (hours.candles.at(-1)?.openTime !== last) {
    try {
      const newest = await page();
      const joined = joins(hours.candles, newest);
      hours.candles = merge(joined ? hours.candles : [], newest);
      hours.complete &&= joined;
    } catch (error) {
      // What was fetched an hour ago still serves; whoever uses it looks at its age.
      if (!hours.complete) throw error;
    }
  }
  while (!hours.complete) {
    const oldest = hours.candles[0]?.openTime ?? last;
    const older = oldest > first ? await page(oldest) : [];
    hours.complete = older.every((each) => each.openTime >= oldest);
    hours.candles = merge(older, hours.candles);
  }
  hours.candles = hours.candles.filter((each) => each.openTime >= first);
  return hours.candles;
}

/** Whether nothing is missing between what is known and the newest page. */
const joins = (known: readonly Candle[], newest: readonly Candle[]): boolean =>
  known.some((each) => each.openTime === newest[0]?.openTime) || newest.length === 0;

function merge(older: readonly Candle[], newer: readonly Candle[]): readonly Candle[] {
  const byTime = new Map([...older, ...newer].map((each) => [each.openTime, each]));
  return [...byTime.values()].toSorted((a, b) => a.openTime - b.openTime);
}
