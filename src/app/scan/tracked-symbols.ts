import { StoreUnreadable } from '../../domain/failure.ts';
import { UNSCORED_CAUSES, type Unscored, type UnscoredCause } from '../../domain/scan-report.ts';
import type { Timestamp } from '../../domain/time.ts';
import { WARM_UP_CANDLES } from '../../signals/continuity.ts';
import { createTracker, type SymbolTracker } from '../../signals/tracker.ts';
import { SCAN_INTERVAL, type Fetched } from './fetch-candles.ts';
import type { Ports } from '../ports/ports.ts';

/** Which symbols can be scored on a candle, and why the others cannot. */
export interface Standing {
  readonly ready: readonly SymbolTracker[];
  /** The commonest cause first. */
  readonly unscored: readonly Unscored[];
}

/** One tracker a symbol, fed only what is new. */
export interface TrackedSymbols {
  /** Feeds what the store has and the trackers have not. Rejects where the store cannot be reached. */
  catchUp(symbols: readonly string[]): Promise<void>;
  standing(fetched: Fetched): Standing;
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
  const bySymbol = new Map<string, Tracked>();

  function trackedOf(symbol: string): Tracked {
    const known = bySymbol.get(symbol);
    if (known !== undefined) return known;
    const fresh = { tracker: createTracker(symbol), fedTo: 0 };
    bySymbol.set(symbol, fresh);
    return fresh;
  }

  return {
    async catchUp(symbols) {
      const newest = await ports.candles.newest(symbols, SCAN_INTERVAL);
      for (const symbol of symbols) {
        const tracked = trackedOf(symbol);
        if ((newest.get(symbol) ?? 0) > tracked.fedTo) await feedStored(ports, tracked);
      }
    },
    standing({ symbols, candleOpenTime, failed }) {
      const reasons = new Map(failed.map(({ symbol, reason }) => [symbol, reason]));
      const ready: SymbolTracker[] = [];
      const causes = new Map<UnscoredCause, { symbols: string[]; reason: string | undefined }>();
      for (const symbol of symbols) {
        const tracked = trackedOf(symbol);
        const found = causeOf(tracked, candleOpenTime, reasons.get(symbol));
        if (found === undefined) ready.push(tracked.tracker);
        else {
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
    for (const candle of await candles.since(tracker.symbol, SCAN_INTERVAL, tracked.fedTo)) {
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

/** Undefined: it can be scored on the candle that opened then. */
function causeOf(
  { tracker, unusable, unreadable }: Tracked,
  openTime: Timestamp,
  failure: string | undefined,
): Cause | undefined {
  const last = tracker.lastOpenTime();
  if (last === openTime) {
    const { ready, need } = tracker.readiness();
    if (ready) return undefined;
    return { cause: need === WARM_UP_CANDLES ? 'history' : 'gap' };
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
