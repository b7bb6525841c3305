import type { Ticker } from '../../domain/instrument.ts';
import { intervalMs, lastClosedOpenTime, type Interval } from '../../domain/candle.ts';
import { intervalOf, type OpenSignal } from '../../backtest/trade/ledger.ts';
import type { Timestamp } from '../../domain/time.ts';
import { SCANNED } from '../../signals/strategies/list.ts';
import { universe } from '../../signals/universe.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf, reasonOf } from '../reading/reading.ts';

/** The scan sweeps once after each close of these; longer candles close together with one of them. */
export const SCAN_INTERVAL: Interval = '1h';
const INTERVALS: readonly Interval[] = [
  ...new Set([SCAN_INTERVAL, ...SCANNED.map(({ interval }) => interval)]),
];
/** One page of the exchange's history. */
const PAGE = 200;
/**
 * Pages of history that one sweep asks for: not quite a minute at the eight requests a second that a sweep makes. Where the clock runs faster the
 * exchange allows more than this machine works off, and nobody waits a minute for a first signal.
 */
const HISTORY_PAGES = 450;
const HISTORY_PAGES_AT_SPEED = 112;
/** So soon after a close, in venue time at its usual pace, those that may have an event are read before all others. */
const NEAR_FIRST_MS = 20_000;
/** Requests under way at once; the client's pacing decides how fast they go. */
const PARALLEL = 4;

/** A symbol whose candles could not be read, and why in plain words. */
export interface FailedFetch {
  readonly symbol: string;
  readonly reason: string;
}

/** What the fetch step hands to the next one. Small: candles stay in the store. */
export interface Fetched {
  /** The universe, most traded first. */
  readonly symbols: readonly string[];
  readonly candleOpenTime: Timestamp;
  /** Symbols that got a candle that was not there before. */
  readonly fresh: number;
  readonly failed: readonly FailedFetch[];
  /** Only candles of which a strategy may want something were read; the next sweep reads the rest, of the same symbols too. */
  readonly isAhead?: boolean;
}

/** Candles of one length of a symbol. */
export interface NearCandle {
  readonly symbol: string;
  readonly interval: Interval;
}

/** Which of these may have an event of the candles that closed at that moment, and of which candle. */
export type FindNear = (
  tickers: readonly Ticker[],
  closedAt: Timestamp,
) => Promise<readonly NearCandle[]>;

interface Wanted extends NearCandle {
  readonly limit: number;
}

/**
 * Fetches the closed candles that are not stored yet, for the universe of this moment and for whatever the ledger still tracks: a
 * signal is tracked to its end also when its contract has left the universe. One symbol that fails keeps no other from being read. Right
 * after a close the candles that `findNear` names are all that is read, so that their signals do not wait for 300 others.
 */
export async function fetchCandles(
  ports: Pick<Ports, 'clock' | 'market' | 'candles' | 'ledger' | 'log'>,
  findNear?: FindNear,
): Promise<Fetched> {
  const [listed, tickers] = await Promise.all([ports.market.instruments(), ports.market.tickers()]);
  const { included } = universe(listed, tickers, { now: ports.clock.now() });
  const symbols = included.map((each) => each.symbol);
  const candleOpenTime = lastClosedOpenTime(SCAN_INTERVAL, ports.clock.now());
  const there = new Set(listed.map((each) => each.symbol));
  const tracked = (await trackedSignals(ports)).filter(({ symbol }) => there.has(symbol));
  const missing = await Promise.all(
    INTERVALS.map((interval) => {
      const own = tracked.filter((each) => intervalOf(each) === interval);
      const wanted = new Set([...symbols, ...own.map(({ symbol }) => symbol)]);
      return missingCandles(ports, [...wanted], interval);
    }),
  );
  const wanted = ofThisSweep(missing.flat(), symbols, ports.clock.speed);
  const closedAt = candleOpenTime + intervalMs(SCAN_INTERVAL);
  const isSoon = ports.clock.now() - closedAt < NEAR_FIRST_MS * Math.max(1, ports.clock.speed);
  const near =
    isSoon && findNear !== undefined && wanted.length > 0
      ? await findNear(
          tickers.filter(({ symbol }) => symbols.includes(symbol)),
          closedAt,
        )
      : [];
  const nearest = new Set(near.map(keyOf));
  const first = wanted.filter((each) => nearest.has(keyOf(each)));
  const isAhead = first.length > 0;
  const { fresh, failed } = await fetchAll(ports, isAhead ? first : wanted);
  return { symbols, candleOpenTime, fresh, failed, ...(isAhead ? { isAhead } : {}) };
}

const keyOf = ({ symbol, interval }: NearCandle): string => `${symbol} ${interval}`;

/**
 * What one sweep asks for: every new candle, and of whole histories, the most traded first, no more than are read soon. So the first
 * signals do not wait for the last of 300 symbols; the next sweep goes on.
 */
function ofThisSweep(
  missing: readonly Wanted[],
  symbols: readonly string[],
  speed: number,
): readonly Wanted[] {
  const most = speed > 1 ? HISTORY_PAGES_AT_SPEED : HISTORY_PAGES;
  const rank = new Map(symbols.map((symbol, index) => [symbol, index]));
  const histories = missing
    .filter(({ limit }) => limit >= PAGE)
    .toSorted((one, other) => (rank.get(one.symbol) ?? 0) - (rank.get(other.symbol) ?? 0));
  let pages = 0;
  return [
    ...missing.filter(({ limit }) => limit < PAGE),
    ...histories.filter(({ limit }) => (pages += limit / PAGE) <= most),
  ];
}

const trackedSignals = async ({ ledger }: Pick<Ports, 'ledger'>): Promise<readonly OpenSignal[]> =>
  (await ledger?.open().catch(() => [])) ?? [];

/**
 * Candles that a symbol of which nothing is stored gets: whole pages, and one more than needed where one does not hold them, so that
 * averages have settled and a gap costs nothing.
 */
const historyOf = (interval: Interval): number => {
  const own = SCANNED.filter((each) => each.interval === interval);
  const most = Math.max(0, ...own.map(({ minHistory }) => minHistory));
  return most < PAGE ? PAGE : PAGE * (1 + Math.ceil(most / PAGE));
};

async function missingCandles(
  ports: Pick<Ports, 'clock' | 'candles'>,
  symbols: readonly string[],
  interval: Interval,
): Promise<readonly Wanted[]> {
  const openTime = lastClosedOpenTime(interval, ports.clock.now());
  const newest = await ports.candles.newest(symbols, interval);
  const whole = historyOf(interval);
  const missing = symbols.map((symbol) => {
    const last = newest.get(symbol);
    const behind = last === undefined ? whole : Math.ceil((openTime - last) / intervalMs(interval));
    return { symbol, interval, limit: Math.min(whole, behind) };
  });
  return missing.filter((each) => each.limit > 0);
}

async function fetchAll(
  ports: Pick<Ports, 'market' | 'candles' | 'log'>,
  missing: readonly Wanted[],
): Promise<{ readonly fresh: number; readonly failed: readonly FailedFetch[] }> {
  const failed: FailedFetch[] = [];
  let fresh = 0;
  await eachInParallel(missing, async (wanted) => {
    try {
      const got = await fetchSymbol(ports, wanted);
      // Added after the wait: others have counted in the meantime.
      fresh += got;
    } catch (error) {
      const { symbol } = wanted;
      failed.push({ symbol, reason: reasonOf(error) });
      ports.log.warn('candles of a symbol could not be fetched', {
        symbol,
        reason: messageOf(error),
      });
    }
  });
  return { fresh, failed };
}

async function fetchSymbol(
  ports: Pick<Ports, 'market' | 'candles'>,
  { symbol, interval, limit }: Wanted,
): Promise<number> {
  // One more than is missing: the exchange may still count the newest one as forming.
  let page = await ports.market.candles({
    symbol,
    interval,
    limit: Math.min(PAGE, limit + 1),
    patient: true,
  });
  let candles = page;
  // Older pages first into one list: the store takes what is stored as all there is. The newest page may hold a forming candle,
  // which is left out: one less is a full page too.
  while (page.length >= PAGE - 1 && candles.length < limit) {
    const endTime = page[0]?.openTime;
    if (endTime === undefined) break;
    const older = await ports.market.candles({
      symbol,
      interval,
      limit: PAGE,
      endTime,
      patient: true,
    });
    page = older.filter(({ openTime }) => openTime < endTime);
    candles = [...page, ...candles];
  }
  await ports.candles.append(symbol, interval, candles);
  return candles.length > 0 ? 1 : 0;
}

async function eachInParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
}
