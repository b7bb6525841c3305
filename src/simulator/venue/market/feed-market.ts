import { dec, parseDec, toNumber, toTicks } from '../decimal.ts';
import { VenueError } from '../venue-error.ts';
import { buildInstrument, type Instrument } from './instrument.ts';
import type { Candle, CandleRequest, Market, PathPoint, Stretch } from './market.ts';

const MINUTE = 60_000;
/** How long single prices are kept: longer than the longest pause between two turns of the venue. */
const POINTS_KEPT_MS = 10 * MINUTE;
const MINUTES_KEPT = 2 * 24 * 60;

/** A contract as the outside market lists it. Decimals are texts. */
export interface FeedInstrument {
  readonly symbol: string;
  readonly quotePrecision: number;
  readonly basePrecision: number;
  readonly minQty: string;
  readonly maxLimitQty: string;
  readonly maxMarketQty: string;
  readonly maxLeverage: number;
  readonly defaultLeverage: number;
  /** Fraction; 0.05 when the market does not say. */
  readonly priceProtect?: string;
  readonly status: Instrument['status'];
  readonly isApiSupported: boolean;
  readonly fundingHours: number;
}

/** One closed candle of the outside market; `time` is its open, Unix ms. */
export interface FeedCandle {
  readonly time: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly baseVolume: string;
  readonly quoteVolume: string;
}

/** What the outside market says about a contract at one moment. Everything but the price may be missing. */
export interface FeedPrice {
  readonly symbol: string;
  /** The one price that the venue fills, marks and triggers at. */
  readonly price: string;
  /** Funding of the coming settlement, a fraction. */
  readonly fundingRate?: string;
  /** The last 24 hours. */
  readonly day?: Omit<FeedCandle, 'time' | 'close'>;
}

/** The port through which a live market enters the venue. */
export interface MarketFeed {
  readonly instruments: readonly FeedInstrument[];
  /** Closed candles of a REST interval name, any order. */
  candles(
    symbol: string,
    request: {
      readonly interval: string;
      readonly from?: number;
      readonly to?: number;
      readonly limit: number;
    },
  ): Promise<readonly FeedCandle[]>;
  /** Calls the listener with every price from now on; returns how to stop it. */
  subscribe(listener: (price: FeedPrice) => void): () => void;
}

interface Tape {
  points: PathPoint[];
  readonly minutes: Map<number, Candle>;
  day: Candle | undefined;
  rate: number | undefined;
}

/**
 * A market whose prices are pushed in. Between two prices nothing is known, so every change is a jump. Streamed candles count
 * from the first price seen; listed candles come from the feed's own history.
 */
export class FeedMarket implements Market {
  readonly instruments: readonly Instrument[];
  readonly finest = MINUTE;
  /** Ends the subscription. */
  readonly stop: () => void;
  readonly #feed: MarketFeed;
  readonly #now: () => number;
  readonly #index: ReadonlyMap<string, number>;
  readonly #tapes: readonly Tape[];

  constructor(feed: MarketFeed, now: () => number) {
    this.#feed = feed;
    this.#now = now;
    this.instruments = feed.instruments.map(instrumentOf);
    this.#index = new Map(this.instruments.map((one, at) => [one.symbol, at]));
    this.#tapes = this.instruments.map(() => ({
      points: [],
      minutes: new Map(),
      day: undefined,
      rate: undefined,
    }));
    this.stop = feed.subscribe((price) => this.#take(price));
  }

  indexOf(symbol: string): number | undefined {
    return this.#index.get(symbol);
  }

  last(index: number, time: number): number | undefined {
    const points = this.#tapes[index]?.points ?? [];
    return points.findLast((point) => point.time <= time)?.ticks;
  }

  path(index: number, { from, to }: Stretch): PathPoint[] {
    const points = this.#tapes[index]?.points ?? [];
    return points.filter((point) => point.time > from && point.time <= to);
  }

  span(index: number, from: number, to: number): Candle | undefined {
    const minutes = this.#tapes[index]?.minutes;
    let sum: Candle | undefined;
    for (let open = Math.floor(from / MINUTE) * MINUTE; open < to; open += MINUTE) {
      const bar = minutes?.get(open);
      if (bar !== undefined) sum = sum === undefined ? bar : merge(sum, bar);
    }
    return sum === undefined ? undefined : { ...sum, time: from };
  }

  day(index: number): Candle | undefined {
    return this.#tapes[index]?.day;
  }

  fundingRate(index: number): number | undefined {
    return this.#tapes[index]?.rate;
  }

  async candles(index: number, request: CandleRequest): Promise<Candle[]> {
    const instrument = this.instruments[index];
    if (instrument === undefined) return [];
    const { from, to, limit, interval, now } = request;
    const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const rows = await this.#feed.candles(instrument.symbol, {
      interval: interval.name,
      limit,
      ...range,
    });
    return rows
      .filter((row) => interval.next(row.time) <= now)
      .map((row) => candleOf(instrument, row))
      .sort((a, b) => a.time - b.time);
  }

  move(): never {
    throw new VenueError(400, 'A market that is pushed in cannot be moved by hand');
  }

  moveTo(): never {
    return this.move();
  }

  moves(): readonly [] {
    return [];
  }

  #take(price: FeedPrice): void {
    const index = this.#index.get(price.symbol);
    const instrument = index === undefined ? undefined : this.instruments[index];
    const tape = index === undefined ? undefined : this.#tapes[index];
    const value = parseDec(price.price);
    if (instrument === undefined || tape === undefined || value === undefined || value <= 0n)
      return;
    const ticks = toTicks(value, instrument.quotePrecision, 'down');
    // A millisecond ahead: the present one may have been lived through already.
    const time = Math.max(this.#now() + 1, tape.points.at(-1)?.time ?? 0);
    tape.points.push({ time, ticks, jump: true });
    if ((tape.points[0]?.time ?? time) < time - 2 * POINTS_KEPT_MS) {
      const newest = tape.points.at(-1);
      tape.points = tape.points.filter(
        (point) => point.time > time - POINTS_KEPT_MS || point === newest,
      );
    }
    countMinute(tape, { time, ticks });
    if (price.fundingRate !== undefined) tape.rate = toNumber(parseDec(price.fundingRate) ?? 0n);
    if (price.day !== undefined)
      tape.day = candleOf(instrument, { ...price.day, time, close: price.price });
  }
}

function countMinute(tape: Tape, at: { readonly time: number; readonly ticks: number }): void {
  const open = Math.floor(at.time / MINUTE) * MINUTE;
  const { ticks } = at;
  const bar = {
    time: open,
    open: ticks,
    high: ticks,
    low: ticks,
    close: ticks,
    baseVolume: 0,
    quoteVolume: 0,
  };
  const known = tape.minutes.get(open);
  tape.minutes.set(open, known === undefined ? bar : merge(known, bar));
  if (tape.minutes.size <= MINUTES_KEPT) return;
  for (const oldest of tape.minutes.keys()) {
    tape.minutes.delete(oldest);
    return;
  }
}

function merge(a: Candle, b: Candle): Candle {
  return {
    time: a.time,
    open: a.open,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    baseVolume: a.baseVolume + b.baseVolume,
    quoteVolume: a.quoteVolume + b.quoteVolume,
  };
}

function candleOf(instrument: Instrument, row: FeedCandle): Candle {
  const ticks = (text: string): number => toTicks(dec(text), instrument.quotePrecision, 'down');
  return {
    time: row.time,
    open: ticks(row.open),
    high: ticks(row.high),
    low: ticks(row.low),
    close: ticks(row.close),
    baseVolume: Number(row.baseVolume),
    quoteVolume: Number(row.quoteVolume),
  };
}

/** The risk ladder is the venue's own: the outside market's is asked for one contract at a time, too slow for a start. */
function instrumentOf(listed: FeedInstrument): Instrument {
  const hours = listed.fundingHours === 1 || listed.fundingHours === 4 ? listed.fundingHours : 8;
  const dayVolume = listed.maxLeverage >= 150 ? 2e9 : listed.maxLeverage >= 100 ? 2e8 : 3e7;
  const { symbol, quotePrecision, status, isApiSupported } = listed;
  const seed = { symbol, price: 1, dayVolume, quotePrecision, basis: 0, status, isApiSupported };
  return {
    ...buildInstrument({ ...seed, fundingHours: hours }),
    basePrecision: listed.basePrecision,
    minQty: dec(listed.minQty),
    maxLimitQty: dec(listed.maxLimitQty),
    maxMarketQty: dec(listed.maxMarketQty),
    maxLeverage: listed.maxLeverage,
    defaultLeverage: listed.defaultLeverage,
    priceProtect: dec(listed.priceProtect ?? '0.05'),
  };
}
