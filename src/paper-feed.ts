/** Hands BitUnix's public market data to the venue simulator, through the simulator's own port. */
import type { Log } from './app/ports.ts';
import { INTERVALS, type Candle, type Interval } from './domain/candle.ts';
import type { Instrument, Ticker } from './domain/instrument.ts';
import { priceFromNumber, toText } from './domain/money.ts';
import type { Bitunix } from './exchange/bitunix.ts';
import type {
  FeedCandle,
  FeedInstrument,
  FeedPrice,
  MarketFeed,
} from './simulator/venue/market/feed-market.ts';

/** Wall time between two readings of all tickers: the backstop of the stream, and the figures of the last 24 hours. */
const TICKERS_EVERY_MS = 5_000;
/** Funding rates are read with every so many-th reading of the tickers. */
const FUNDING_EVERY = 12;
/** The exchange's own default; the listing does not name it. */
const USUAL_LEVERAGE = 20;

export interface PaperFeed extends MarketFeed {
  /** Wall milliseconds since BitUnix last said anything about prices. */
  silenceMs(): number;
  close(): Promise<void>;
}

/** Reads contracts, tickers and funding once, then follows them. Rejects with ExchangeFailure when BitUnix does not answer. */
export async function openPaperFeed(bitunix: Bitunix, log: Log): Promise<PaperFeed> {
  const { market } = bitunix;
  const [listed, tickers] = await Promise.all([market.instruments(), market.tickers()]);
  const funding = await market.fundingRates();
  const hours = new Map(funding.map((each) => [each.symbol, each.intervalHours]));
  const known = new Map(listed.map((each) => [each.symbol, each]));
  const rates = new Map(funding.map((each) => [each.symbol, toText(each.rate)]));
  const stream = bitunix.openPriceStream();
  let heardAt = performance.now();
  let rounds = 0;
  let timer: NodeJS.Timeout | undefined;

  function fromTicker(ticker: Ticker): FeedPrice {
    const rate = rates.get(ticker.symbol);
    return {
      symbol: ticker.symbol,
      price: toText(ticker.mark),
      ...(rate === undefined ? {} : { fundingRate: rate }),
      day: dayOf(ticker),
    };
  }

  async function poll(listener: (price: FeedPrice) => void): Promise<void> {
    rounds += 1;
    if (rounds % FUNDING_EVERY === 0) {
      for (const each of await market.fundingRates()) rates.set(each.symbol, toText(each.rate));
    }
    for (const each of await market.tickers()) listener(fromTicker(each));
    heardAt = performance.now();
  }

  function subscribe(listener: (price: FeedPrice) => void): () => void {
    for (const each of tickers) listener(fromTicker(each));
    stream.onTick(({ symbol, mark }) => {
      heardAt = performance.now();
      listener({ symbol, price: toText(mark) });
    });
    stream.follow(listed.filter((each) => each.status === 'open').map((each) => each.symbol));
    const again = (): void => {
      poll(listener)
        .catch((error: unknown) => log.warn('BitUnix tickers could not be read', { error }))
        .finally(() => {
          if (timer !== undefined) timer = setTimeout(again, TICKERS_EVERY_MS);
        });
    };
    timer = setTimeout(again, TICKERS_EVERY_MS);
    return () => {
      clearTimeout(timer);
      timer = undefined;
    };
  }

  return {
    instruments: listed.map((each) => feedInstrument(each, hours.get(each.symbol))),
    async candles(symbol, { interval, from = 0, to, limit }) {
      const instrument = known.get(symbol);
      const asked = INTERVALS.find((each): each is Interval => each === interval);
      if (instrument === undefined || asked === undefined) return [];
      const query = { symbol, interval: asked, limit };
      const candles = await market.candles(to === undefined ? query : { ...query, endTime: to });
      return candles
        .filter((each) => each.openTime >= from)
        .map((each) => feedCandle(each, instrument));
    },
    subscribe,
    silenceMs: () => performance.now() - heardAt,
    close: async () => {
      await stream.close();
      await bitunix.close();
    },
  };
}

const STATUSES = {
  open: 'OPEN',
  'cancel-only': 'CANCEL_ONLY',
  stopped: 'STOP',
  preview: 'PREVIEW',
  // What nobody knows is not traded.
  unknown: 'STOP',
} as const satisfies Record<Instrument['status'], FeedInstrument['status']>;

const feedInstrument = (listed: Instrument, fundingHours = 8): FeedInstrument => ({
  symbol: listed.symbol,
  quotePrecision: listed.priceDecimals,
  basePrecision: listed.qtyDecimals,
  minQty: toText(listed.minQty),
  maxLimitQty: toText(listed.maxLimitQty),
  maxMarketQty: toText(listed.maxMarketQty),
  maxLeverage: listed.maxLeverage,
  defaultLeverage: Math.min(USUAL_LEVERAGE, listed.maxLeverage),
  ...(listed.priceProtect === undefined ? {} : { priceProtect: toText(listed.priceProtect) }),
  status: STATUSES[listed.status],
  isApiSupported: listed.apiTradable,
  fundingHours,
});

/** The ticker names the volume in the quote coin alone; the base volume follows from the middle of the day's prices. */
function dayOf(ticker: Ticker): NonNullable<FeedPrice['day']> {
  const [high, low, quote] = [ticker.high24h, ticker.low24h, ticker.quoteVolume24h].map((each) =>
    Number(toText(each)),
  );
  const middle = ((high ?? 0) + (low ?? 0)) / 2;
  return {
    open: toText(ticker.open24h),
    high: toText(ticker.high24h),
    low: toText(ticker.low24h),
    quoteVolume: String(quote ?? 0),
    baseVolume: String(middle > 0 ? (quote ?? 0) / middle : 0),
  };
}

/** The client keeps one volume of the two; the other one follows from the candle's typical price. */
function feedCandle(candle: Candle, { tick }: Instrument): FeedCandle {
  const text = (value: number): string => toText(priceFromNumber(value, tick, 'half-even'));
  const typical = (candle.high + candle.low + candle.close) / 3;
  return {
    time: candle.openTime,
    open: text(candle.open),
    high: text(candle.high),
    low: text(candle.low),
    close: text(candle.close),
    baseVolume: String(candle.volume),
    quoteVolume: String(candle.volume * typical),
  };
}
