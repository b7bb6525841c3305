import { StoreUnreadable } from '../../domain/failure.ts';
import {
  RETRIED_CAUSES,
  UNSCORED_CAUSES,
  type Silent,
  type Unscored,
  type UnscoredCause,
} from '../../domain/scan-report.ts';
import { intervalMs } from '../../domain/candle.ts';
import type { Ticker } from '../../domain/instrument.ts';
import { toNumber } from '../../domain/money/money.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import { isPushed, type Place } from '../../domain/signal.ts';
import { within, type SignalLimits } from '../../signals/parameters.ts';
import { byOutlook } from '../../signals/selection.ts';
import { SCANNED } from '../../signals/strategies/list.ts';
import type { Strategy, View } from '../../signals/strategy.ts';
import { createTracker, type SymbolTracker } from '../../signals/tracker.ts';
import type { Fetched, NearCandle } from './fetch-candles.ts';
import type { Ports } from '../ports/ports.ts';

/** Which symbols can be checked on a candle, and why the others cannot. */
export interface Standing {
  /** A tracker for each strategy and symbol that it can check: none waits for another, whose candle may never come. */
  readonly ready: readonly SymbolTracker[];
  /** Symbols that are checked and wait for nothing more, in alphabetical order. */
  readonly scored: readonly string[];
  /** The commonest cause first. */
  readonly unscored: readonly Unscored[];
  /** Strategies that lack candles in a row, also where none of theirs closes on this candle. */
  readonly silent: readonly Silent[];
}

/** One tracker a symbol and strategy, fed only what is new. */
export interface TrackedSymbols {
  /** Feeds what the store has and the trackers have not. Rejects where the store cannot be reached. */
  catchUp(symbols: readonly string[]): Promise<void>;
  standing(fetched: Fetched): Standing;
  /** Candles that may bring a card, the best first. */
  near(close: Close): readonly NearCandle[];
}

/** Candles have closed. */
interface Close {
  readonly closedAt: Timestamp;
  /** At about these prices. */
  readonly tickers: readonly Ticker[];
  readonly places: ReadonlyMap<string, Place>;
  readonly limits: SignalLimits;
}

interface Tracked {
  readonly tracker: SymbolTracker;
  /** Open time of the newest candle that was fed, used or not: each is judged once. */
  fedTo: Timestamp;
  /** The last candle that was not used. */
  unusable?: { readonly openTime: Timestamp; readonly reason: string };
  /** Why its stored candles cannot be read. */
  unreadable?: string;
}

interface Cause {
  readonly cause: UnscoredCause;
  readonly reason?: string;
}

export function createTrackedSymbols(ports: Pick<Ports, 'candles' | 'log'>): TrackedSymbols {
  const all = new Map<string, Tracked>();

  function trackedOf(symbol: string, strategy: Strategy): Tracked {
    const key = `${symbol} ${strategy.name}`;
    const known = all.get(key);
    if (known !== undefined) return known;
    const fresh = { tracker: createTracker(symbol, strategy), fedTo: 0 };
    all.set(key, fresh);
    return fresh;
  }

  return {
    async catchUp(symbols) {
      for (const strategy of SCANNED) {
        const newest = await ports.candles.newest(symbols, strategy.interval);
        for (const symbol of symbols) {
          const tracked = trackedOf(symbol, strategy);
          if ((newest.get(symbol) ?? 0) > tracked.fedTo) await feedStored(ports, tracked);
        }
      }
    },
    near: (close) =>
      nearOf(close, (symbol, { name }) => all.get(`${symbol} ${name}`)?.tracker.snapshot()),
    standing({ symbols, candleOpenTime, failed, notAsked = [] }) {
      const closedAt = candleOpenTime + HOUR;
      const due = SCANNED.filter(({ interval }) => closedAt % intervalMs(interval) === 0);
      const reasons = new Map(failed.map(({ symbol, reason }) => [symbol, reason]));
      const later = new Set(notAsked);
      const ready: SymbolTracker[] = [];
      const scored: string[] = [];
      const causes = new Map<UnscoredCause, { symbols: string[]; reason: string | undefined }>();
      for (const symbol of symbols) {
        const own = due.map((strategy) => trackedOf(symbol, strategy));
        const found = own.map((each) =>
          causeOf(each, closedAt, {
            failure: reasons.get(symbol),
            isLater: later.has(symbol),
          }),
        );
        ready.push(
          ...own.filter((_, index) => found[index] === undefined).map(({ tracker }) => tracker),
        );
        const why = standsInTheWay(found);
        if (why === undefined) {
          scored.push(symbol);
          continue;
        }
        const { cause, reason } = why;
        const known = causes.get(cause);
        if (known === undefined) causes.set(cause, { symbols: [symbol], reason });
        else known.symbols.push(symbol);
      }
      const silent = SCANNED.flatMap((strategy) => {
        const trackers = symbols.map((symbol) => trackedOf(symbol, strategy).tracker);
        return silentOf(strategy, trackers, closedAt) ?? [];
      });
      return { ready, scored: scored.toSorted(), unscored: listed(causes), silent };
    },
  };
}

type ViewOf = (symbol: string, strategy: Strategy) => View | undefined;

function nearOf({ closedAt, tickers, places, limits }: Close, viewOf: ViewOf) {
  const closing = SCANNED.filter(({ interval }) => closedAt % intervalMs(interval) === 0);
  const found = closing.flatMap((strategy) => {
    const { name, interval } = strategy;
    const parameters = within(strategy.parameters, limits);
    return tickers.flatMap(({ symbol, last, quoteVolume24h }): NearCandle[] => {
      const view = viewOf(symbol, strategy);
      if (view === undefined) return [];
      // Beyond a gap that would be bridged nothing is known.
      const candles = (closedAt - view.closedAt) / intervalMs(interval);
      if (candles > strategy.bridgedGap + 1) return [];
      const outlook = strategy.outlook?.(view, toNumber(last), parameters);
      // Candles between them that are read as well may calm its range.
      const clean = outlook === 'clean' || candles > 1;
      if (outlook === undefined || !isPushed(places.get(name), clean)) return [];
      return [{ symbol, interval, clean, turnover: toNumber(quoteVolume24h) }];
    });
  });
  return found.toSorted(byOutlook);
}

async function feedStored(
  { candles, log }: Pick<Ports, 'candles' | 'log'>,
  tracked: Tracked,
): Promise<void> {
  const { tracker } = tracked;
  delete tracked.unreadable;
  try {
    for (const candle of await candles.since(
      tracker.symbol,
      tracker.strategy.interval,
      tracked.fedTo,
    )) {
      const outcome = tracker.feed(candle);
      const { openTime } = candle;
      tracked.fedTo = openTime;
      if (outcome.kind === 'refused') tracked.unusable = { openTime, reason: outcome.reason };
      if (outcome.kind === 'used' || outcome.kind === 'ignored') continue;
      log.info('a candle was not taken as it came', {
        symbol: tracker.symbol,
        openTime,
        ...outcome,
      });
    }
  } catch (error) {
    // One damaged row keeps its own symbol out, and no other.
    if (!(error instanceof StoreUnreadable)) throw error;
    tracked.unreadable = error.message;
  }
}

/**
 * Why a symbol is not done with on a candle: what is missing of it may still come, or none of the strategies can check it. What one
 * of them lacks keeps no other from it.
 */
const standsInTheWay = (found: readonly (Cause | undefined)[]): Cause | undefined =>
  found.find((each) => each !== undefined && RETRIED_CAUSES.includes(each.cause)) ??
  (found.includes(undefined) ? undefined : found[0]);

/** How many of these, and which, the strategy cannot judge for lack of candles in a row; undefined: none. What was never read is told as unread. */
function silentOf(
  { name, interval }: Strategy,
  trackers: readonly SymbolTracker[],
  closedAt: Timestamp,
): Silent | undefined {
  const lacking = trackers.flatMap((tracker) => {
    const toCome = tracker.lastOpenTime() === undefined ? 0 : tracker.candlesToCome();
    const afterGap = tracker.readiness().after === 'gap';
    return toCome === 0 ? [] : [{ symbol: tracker.symbol, toCome, afterGap }];
  });
  if (lacking.length === 0) return undefined;
  const most = Math.max(...lacking.map(({ toCome }) => toCome));
  const candleMs = intervalMs(interval);
  return {
    strategy: name,
    symbols: lacking.length,
    names: lacking.map(({ symbol }) => symbol).toSorted(),
    afterGap: lacking.filter(({ afterGap }) => afterGap).length,
    until: Math.floor(closedAt / candleMs + most) * candleMs,
  };
}

/** Undefined: it can be checked on the candle that closed then. */
function causeOf(
  { tracker, unusable, unreadable }: Tracked,
  closedAt: Timestamp,
  { failure, isLater }: { readonly failure: string | undefined; readonly isLater: boolean },
): Cause | undefined {
  const openTime = closedAt - intervalMs(tracker.strategy.interval);
  const last = tracker.lastOpenTime();
  if (last === openTime) {
    const { ready, after } = tracker.readiness();
    if (ready) return undefined;
    return { cause: after === 'start' ? 'history' : 'gap' };
  }
  const unread = failure ?? unreadable;
  if (unread !== undefined) return { cause: 'not-read', reason: unread };
  if (unusable?.openTime === openTime) return { cause: 'unusable', reason: unusable.reason };
  return { cause: isLater ? 'not-asked' : 'no-candle' };
}

const listed = (
  causes: ReadonlyMap<
    UnscoredCause,
    { readonly symbols: readonly string[]; readonly reason: string | undefined }
  >,
): readonly Unscored[] =>
  UNSCORED_CAUSES.flatMap((cause): Unscored[] => {
    const found = causes.get(cause);
    if (found === undefined) return [];
    return [{ cause, symbols: found.symbols.toSorted(), reason: found.reason }];
  }).toSorted((one, other) => other.symbols.length - one.symbols.length);
