/** Hands BitUnix's public market data to the venue simulator, through the simulator's own port. */
import type { Log } from '../app/ports/log.ts';
import { messageOf } from '../app/reading/reading.ts';
import { INTERVALS, type Candle, type Interval } from '../domain/candle.ts';
import type { FundingRate, Instrument, Ticker } from '../domain/instrument.ts';
import { priceFromNumber, toText } from '../domain/money/money.ts';
import type { Bitunix } from '../exchange/bitunix/bitunix.ts';
import type {
  FeedCandle,
  FeedInstrument,
  FeedPrice,
  MarketFeed,
} from '../simulator/venue/market/feed-market.ts';

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
  const prices = followPrices(bitunix, { listed, tickers, funding, log });
  return {
    ...prices,
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
  };
}

/** Prices from the stream and, as its backstop, from all tickers every 5 s; funding rates once a minute. */
function followPrices(
  bitunix: Bitunix,
  start: {
    readonly listed: readonly Instrument[];
    readonly tickers: readonly Ticker[];
    readonly funding: readonly FundingRate[];
    readonly log: Log;
  },
): Pick<PaperFeed, 'subscribe' | 'silenceMs' | 'close'> {
  const { market } = bitunix;
  const rates = new Map<string, string>();
  const stream = bitunix.openPriceStream();
  let heardAt = performance.now();
  let rounds = 0;
  let timer: NodeJS.Timeout | undefined;
  const learn = (funding: readonly FundingRate[]): void => {
    for (const each of funding) rates.set(each.symbol, toText(each.rate));
  };

  async function poll(listener: (price: FeedPrice) => void): Promise<void> {
    rounds += 1;
    if (rounds % FUNDING_EVERY === 0) learn(await market.fundingRates());
    for (const each of await market.tickers()) listener(fromTicker(each, rates));
    heardAt = performance.now();
  }

  function pollAgain(listener: (price: FeedPrice) => void): void {
    timer = setTimeout(() => {
      poll(listener)
        .catch((error: unknown) =>
          start.log.warn('BitUnix tickers could not be read', { reason: messageOf(error) }),
        )
        .finally(() => {
          if (timer !== undefined) pollAgain(listener);
        });
    }, TICKERS_EVERY_MS);
  }

  return {
    subscribe(listener) {
      learn(start.funding);
      for (const each of start.tickers) listener(fromTicker(each, rates));
      stream.onTick(({ symbol, mark }) => {
        heardAt = performance.now();
        listener({ symbol, price: toText(mark) });
      });
      const open = start.listed.filter((each) => each.status === 'open');
      stream.follow(open.map((each) => each.symbol));
      pollAgain(listener);
      return () => {
        clearTimeout(timer);
        timer = undefined;
      };
    },
    silenceMs: () => performance.now() - heardAt,
    close: async () => {
      await stream.close();
      await bitunix.close();
    },
  };
}

function fromTicker(ticker: Ticker, rates: ReadonlyMap<string, string>): FeedPrice {
  const rate = rates.get(ticker.symbol);
  return {
    symbol: ticker.symbol,
    price: toText(ticker.mark),
    ...(rate === undefined ? {} : { fundingRate: rate }),
    day: dayOf(ticker),
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
