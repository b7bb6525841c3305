import type { Log } from '../../../app/ports/log.ts';
import type { MarketData } from '../../../app/ports/market-data.ts';
import { intervalMs, type Candle, type Interval } from '../../../domain/candle.ts';
import { ExchangeFailure } from '../../../domain/failure.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { Timestamp } from '../../../domain/time.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import {
  toCandle,
  toFundingRate,
  toFundingSettlement,
  toInstrument,
  toRiskTier,
  toTicker,
} from '../map-market.ts';
import { agreedRows, everyRow, listOf, notEmpty, usableRows, type OnUnknown } from '../mapped.ts';
import type { Rest } from '../rest/rest.ts';
import type { Query } from '../rest/sign.ts';

/** The exchange sends at most so many candles in one answer. */
const MAX_CANDLES = 200;

/** Coin-margined contracts have this quote: their profit is in the base coin, which the domain does not know. */
const COIN_MARGINED_QUOTE = 'USD';

export interface MarketSource {
  readonly rest: Rest;
  readonly log: Log;
  readonly onUnknown: OnUnknown;
}

/** Reads market data. Contracts whose row cannot be used are left out and counted in the log. */
export function createMarketData({ rest, log, onUnknown }: MarketSource): MarketData {
  return {
    instruments: (symbols) => readInstruments({ rest, log, onUnknown }, symbols),
    async tickers() {
      const data = await rest.read({ endpoint: ENDPOINTS.tickers });
      const at = rest.now();
      const rows = notEmpty(listOf(data), 'tickers');
      return usableRows(rows, { what: 'tickers', log, idKey: 'symbol' }, (row) =>
        toTicker(row, at),
      );
    },
    async candles({ symbol, interval, limit, endTime, of = 'last', patient = false }) {
      // One more than asked for, in case the newest is still forming.
      const rows = Math.min(MAX_CANDLES, Math.max(1, limit) + 1);
      const end = endTime === undefined ? {} : { endTime: String(endTime) };
      const type = of === 'mark' ? 'MARK_PRICE' : 'LAST_PRICE';
      const query = { symbol, interval, limit: String(rows), type, ...end };
      const data = await rest.read({
        endpoint: ENDPOINTS.kline,
        query,
        ...(patient ? { priority: 'scan' } : {}),
      });
      const mapped = usableRows(
        listOf(data),
        { what: `candles of ${symbol}`, log, idKey: 'time' },
        toCandle,
      );
      return closedCandles(mapped, { interval, limit, before: endTime, now: rest.now() });
    },
    async fundingRates() {
      const data = await rest.read({ endpoint: ENDPOINTS.fundingRates });
      const what = 'funding rates';
      const rows = notEmpty(listOf(data), what);
      return usableRows(rows, { what, log, idKey: 'symbol' }, toFundingRate);
    },
    async fundingHistory(symbol, since) {
      // "starTime" is how the exchange spells it.
      const from = since === undefined ? {} : { starTime: String(since) };
      const query = { symbol, limit: '200', ...from };
      const data = await rest.read({ endpoint: ENDPOINTS.fundingHistory, query });
      const rows = { what: 'funding history', log, idKey: 'fundingTime' };
      return usableRows(listOf(data), rows, toFundingSettlement);
    },
    async riskTiers(symbol) {
      const data = await rest.read({ endpoint: ENDPOINTS.positionTiers, query: { symbol } });
      const what = `risk tiers of ${symbol}`;
      const rows = agreedRows(notEmpty(listOf(data), what), 'level', what);
      const tiers = everyRow(rows, what, toRiskTier);
      return tiers.sort((a, b) => a.level - b.level);
    },
  };
}

async function readInstruments(
  { rest, log, onUnknown }: MarketSource,
  symbols: readonly string[] | undefined,
): Promise<readonly Instrument[]> {
  const what = 'instruments';
  const read = async (query: Query): Promise<readonly Instrument[]> => {
    const rows = listOf(await rest.read({ endpoint: ENDPOINTS.tradingPairs, query }));
    const all = usableRows(notEmpty(rows, what), { what, log, idKey: 'symbol' }, (row) =>
      toInstrument(row, onUnknown),
    );
    return all.filter((each) => each.quote !== COIN_MARGINED_QUOTE);
  };
  if (symbols === undefined) return read({});
  try {
    return await read({ symbols: symbols.join(',') });
  } catch (error) {
    // One that is gone may spoil the answer for all, or leave none: then the whole list tells which ones are there.
    const gone = error instanceof ExchangeFailure && /^(symbol|shape)$/.test(error.kind);
    if (!gone) throw error;
    return (await read({})).filter((each) => symbols.includes(each.symbol));
  }
}

/** The newest `limit` candles that are closed at `now` and opened before `before`, oldest first, each open time once. */
export function closedCandles(
  candles: readonly Candle[],
  wanted: {
    readonly interval: Interval;
    readonly limit: number;
    readonly before: Timestamp | undefined;
    readonly now: Timestamp;
  },
): Candle[] {
  const length = intervalMs(wanted.interval);
  const before = wanted.before ?? Number.POSITIVE_INFINITY;
  const byTime = new Map<Timestamp, Candle>();
  for (const candle of candles) {
    const closed = candle.openTime + length <= wanted.now;
    if (closed && candle.openTime < before) byTime.set(candle.openTime, candle);
  }
  const sorted = [...byTime.values()].sort((a, b) => a.openTime - b.openTime);
  return sorted.slice(-wanted.limit);
}
