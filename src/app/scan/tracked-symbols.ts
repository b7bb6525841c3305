import { StoreUnreadable } from '../../domain/failure.ts';
import { UNSCORED_CAUSES, type Unscored, type UnscoredCause } from '../../domain/scan-report.ts';
import { intervalMs } from '../../domain/candle.ts';
import type { Ticker } from '../../domain/instrument.ts';
import { toNumber } from '../../domain/money/money.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import type { Place } from '../../domain/signal.ts';
import { within, type SignalLimits } from '../../signals/parameters.ts';
import { byOutlook } from '../../signals/selection.ts';
import { SCANNED } from '../../signals/strategies/list.ts';
import type { Strategy } from '../../signals/strategy.ts';
import { createTracker, type SymbolTracker } from '../../signals/tracker.ts';
import type { Fetched, NearCandle } from './fetch-candles.ts';
import type { Ports } from '../ports/ports.ts';
import { isPushed } from './places.ts';

/** Which symbols can be checked on a candle, and why the others cannot. */
export interface Standing {
  /** A tracker for each strategy that a symbol is ready for; of symbols that cannot be checked whole only where candles were read ahead. */
  readonly ready: readonly SymbolTracker[];
  /** The commonest cause first. */
  readonly unscored: readonly Unscored[];
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
    near({ closedAt, tickers, places, limits }) {
      const closing = SCANNED.filter(({ interval }) => closedAt % intervalMs(interval) === 0);
      const found = closing.flatMap((strategy) => {
        const { name, interval } = strategy;
        const parameters = within(strategy.parameters, limits);
        return tickers.flatMap(({ symbol, last, quoteVolume24h }): NearCandle[] => {
          const view = all.get(`${symbol} ${name}`)?.tracker.snapshot();
          // Of the candle right before it, or nothing is known.
          if (view?.closedAt !== closedAt - intervalMs(interval)) return [];
          const outlook = strategy.outlook?.(view, toNumber(last), parameters);
          const clean = outlook === 'clean';
          if (outlook === undefined || !isPushed(places.get(name), clean)) return [];
          return [{ symbol, interval, clean, turnover: toNumber(quoteVolume24h) }];
        });
      });
      return found.toSorted(byOutlook);
    },
    standing({ symbols, candleOpenTime, failed, isAhead }) {
      const closedAt = candleOpenTime + HOUR;
      const due = SCANNED.filter(({ interval }) => closedAt % intervalMs(interval) === 0);
      const reasons = new Map(failed.map(({ symbol, reason }) => [symbol, reason]));
      const ready: SymbolTracker[] = [];
      const causes = new Map<UnscoredCause, { symbols: string[]; reason: string | undefined }>();
      for (const symbol of symbols) {
        const own = due.map((strategy) => trackedOf(symbol, strategy));
        const asked = own.map((each) => ({
          each,
          found: causeOf(each, closedAt, reasons.get(symbol)),
        }));
        const able = asked.filter(({ found }) => found === undefined);
        const found = standsInTheWay(
          asked.flatMap((one) => one.found ?? []),
          able.length,
        );
        if (found === undefined || isAhead === true) {
          ready.push(...able.map(({ each }) => each.tracker));
        }
        if (found !== undefined) {
          const { cause, reason } = found;
          const known = causes.get(cause);
          if (known === undefined) causes.set(cause, { symbols: [symbol], reason });
          else known.symbols.push(symbol);
        }
      }
      return { ready, unscored: listed(causes) };
    },
  };
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
 * A symbol is looked at once a candle, by all strategies together. Where it is too young for one of them the others look at it;
 * everything else is waited for.
 */
const standsInTheWay = (causes: readonly Cause[], able: number): Cause | undefined =>
  causes.find(({ cause }) => cause !== 'history') ?? (able === 0 ? causes[0] : undefined);

/** Undefined: it can be checked on the candle that closed then. */
function causeOf(
  { tracker, unusable, unreadable }: Tracked,
  closedAt: Timestamp,
  failure: string | undefined,
): Cause | undefined {
  const { interval, minHistory } = tracker.strategy;
  const openTime = closedAt - intervalMs(interval);
  const last = tracker.lastOpenTime();
  if (last === openTime) {
    const { ready, need } = tracker.readiness();
    if (ready) return undefined;
    return { cause: need === minHistory ? 'history' : 'gap' };
  }
  const unread = failure ?? unreadable;
  if (unread !== undefined) return { cause: 'not-read', reason: unread };
  if (unusable?.openTime === openTime) return { cause: 'unusable', reason: unusable.reason };
  return { cause: 'no-candle' };
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
