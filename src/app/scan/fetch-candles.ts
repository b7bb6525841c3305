import type { Ticker } from '../../domain/instrument.ts';
import { intervalMs, lastClosedOpenTime, type Interval } from '../../domain/candle.ts';
import { intervalOf, type OpenSignal } from '../../backtest/trade/ledger.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { Outlook } from '../../signals/selection.ts';
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
/**
 * So soon after a close, in venue time at its usual pace, those that may have an event are read before all others: also where a sweep of
 * histories was under way at the close, or Vigil has only just started. Later the price says too little of the close.
 */
const NEAR_FIRST_MS = 120_000;
/** Candles that are read ahead before their signals are judged: two seconds at the eight requests of a sweep. */
const AHEAD = 16;
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
  /** Symbols some of whose candles were left to the next sweep, in alphabetical order. Absent: none. */
  readonly notAsked?: readonly string[];
  /** Only candles that may bring a card were read; the next sweep reads the rest, of the same symbols too. */
  readonly isAhead?: boolean;
  /** The best that the next one of those may bring: what does not stand before it waits for it. Absent: all were asked for. */
  readonly unread?: Outlook;
}

/** Candles of one length of a symbol. */
interface Series {
  readonly symbol: string;
  readonly interval: Interval;
}

/** A candle that may bring a card. */
export type NearCandle = Series & Outlook;

/** Which of these may bring a card by the candles that closed at that moment, the best first. */
export type FindNear = (
  tickers: readonly Ticker[],
  closedAt: Timestamp,
) => Promise<readonly NearCandle[]>;

interface Wanted extends Series {
  readonly limit: number;
  /** Open time of the newest one that is stored. */
  readonly last: Timestamp | undefined;
}

/**
 * Fetches the closed candles that are not stored yet, for the universe of this moment and for whatever the ledger still tracks: a
 * signal is tracked to its end also when its contract has left the universe. One symbol that fails keeps no other from being read. Right
 * after a close the best of those that `findNear` names are all that is read, for as long as that brings something, so that a card does
 * not wait for 300 others.
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
  const all = missing.flat();
  const wanted = ofThisSweep(all, symbols, ports.clock.speed);
  const closedAt = candleOpenTime + intervalMs(SCAN_INTERVAL);
  const isSoon = ports.clock.now() - closedAt < NEAR_FIRST_MS * Math.max(1, ports.clock.speed);
  const near =
    isSoon && findNear !== undefined && wanted.length > 0
      ? await findNear(
          tickers.filter(({ symbol }) => symbols.includes(symbol)),
          closedAt,
        )
      : [];
  const { batch, rest, unread } = parted(wanted, near, AHEAD * Math.max(1, ports.clock.speed));
  const ahead = await fetchAll(ports, batch);
  if (ahead.fresh > 0) {
    const left = notAmong(batch, all);
    return { symbols, candleOpenTime, ...ahead, ...left, isAhead: true, ...(unread && { unread }) };
  }
  const { fresh, failed } = await fetchAll(ports, rest);
  const left = notAmong(wanted, all);
  return { symbols, candleOpenTime, fresh, failed: [...ahead.failed, ...failed], ...left };
}

/** Symbols of which something is wanted that was not asked for. */
function notAmong(
  asked: readonly Wanted[],
  all: readonly Wanted[],
): { readonly notAsked?: readonly string[] } {
  const known = new Set(asked);
  const left = all.filter((each) => !known.has(each)).map(({ symbol }) => symbol);
  return left.length === 0 ? {} : { notAsked: [...new Set(left)].toSorted() };
}

/** The best of what is near, all that is not among them, and the best that is near and not among them. */
function parted(wanted: readonly Wanted[], near: readonly NearCandle[], most: number) {
  const open = new Map(wanted.map((each) => [keyOf(each), each]));
  const ranked = near.filter((each) => open.has(keyOf(each)));
  const first = new Set(ranked.slice(0, most).map(keyOf));
  const [next] = ranked.slice(most);
  return {
    batch: [...first].flatMap((key) => open.get(key) ?? []),
    rest: wanted.filter((each) => !first.has(keyOf(each))),
    unread: next && { clean: next.clean, turnover: next.turnover },
  };
}

const keyOf = ({ symbol, interval }: Series): string => `${symbol} ${interval}`;

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
    return { symbol, interval, limit: Math.min(whole, behind), last };
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
  { symbol, interval, limit, last = -Infinity }: Wanted,
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
  return candles.some(({ openTime }) => openTime > last) ? 1 : 0;
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
