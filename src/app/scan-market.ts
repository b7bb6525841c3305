import { intervalMs, lastClosedOpenTime, type Interval } from '../domain/candle.ts';
import type { Instrument, Ticker } from '../domain/instrument.ts';
import { HOUR, type Timestamp } from '../domain/time.ts';
import type { Signal } from '../domain/signal.ts';
import { DEFAULT_STRATEGY } from '../signals/parameters.ts';
import { scan } from '../signals/scan.ts';
import { createTracker, type SymbolTracker } from '../signals/tracker.ts';
import { universe } from '../signals/universe.ts';
import type { Ports } from './ports.ts';
import type { ScanEntry } from '../domain/scan-report.ts';
import { followLiveSignals } from './signal-ledger.ts';
import { judgeAndPropose } from './propose.ts';
import { reasonOf } from './reading.ts';

const INTERVAL: Interval = '1h';
/** One page of the exchange's history. */
const PAGE = 200;
/** Requests under way at once; the client's pacing decides how fast they go. */
const PARALLEL = 4;

/** Signals that the report keeps. */
const LISTED = 60;

/** What a step of the scan hands to the next one. Small: candles stay in the store. */
export interface Fetched {
  readonly symbols: readonly string[];
  readonly candleOpenTime: Timestamp;
  /** Symbols that got a candle that was not there before. */
  readonly fresh: number;
  readonly failed: readonly string[];
}

/** How a scan went, in numbers of symbols. */
export interface ScanCounts {
  readonly candleOpenTime: Timestamp;
  readonly universe: number;
  readonly evaluated: number;
  readonly notReady: number;
}

export interface Found extends ScanCounts {
  /** Best first. */
  readonly signals: readonly Signal[];
}

/** The scan's four steps, in order. Each gets what the one before it returned, and may run in another worker. */
export interface Scanner {
  fetch(): Promise<Fetched>;
  signal(fetched: Fetched): Promise<Found>;
  risk(signals: readonly Signal[]): Promise<readonly ScanEntry[]>;
  alert(counts: ScanCounts, entries: readonly ScanEntry[]): Promise<void>;
}

/**
 * The scan as four steps: fetch, signal, risk, alert. It keeps one tracker a symbol and feeds it only what is new; a worker
 * that starts cold catches up from the store, so any worker can run any step.
 */
export function createScanner(ports: Ports): Scanner {
  const trackers = new Map<string, SymbolTracker>();
  let instruments: ReadonlyMap<string, Instrument> = new Map();

  async function fetch(): Promise<Fetched> {
    const [listed, tickers] = await Promise.all([
      ports.market.instruments(),
      ports.market.tickers(),
    ]);
    instruments = new Map(listed.map((each) => [each.symbol, each]));
    const symbols = universeOf(ports, listed, tickers);
    const candleOpenTime = lastClosedOpenTime(INTERVAL, ports.clock.now());
    const missing = await missingCandles(ports, symbols, candleOpenTime);
    const { fresh, failed } = await fetchAll(ports, missing);
    return { symbols, candleOpenTime, fresh, failed };
  }

  async function signal(fetched: Fetched): Promise<Found> {
    const nothing = {
      candleOpenTime: fetched.candleOpenTime,
      universe: fetched.symbols.length,
      evaluated: 0,
      notReady: 0,
      signals: [],
    };
    if (fetched.symbols.length === 0) return nothing;
    if (instruments.size === 0) {
      const listed = await ports.market.instruments();
      instruments = new Map(listed.map((each) => [each.symbol, each]));
    }
    const advanced: SymbolTracker[] = [];
    for (const symbol of fetched.symbols) {
      const tracker = trackers.get(symbol) ?? createTracker(symbol);
      trackers.set(symbol, tracker);
      if (await catchUp(ports, tracker)) advanced.push(tracker);
    }
    if (advanced.length === 0) return nothing;
    const result = scan({
      trackers: advanced,
      instruments,
      parameters: DEFAULT_STRATEGY,
      candleOpenTime: fetched.candleOpenTime,
    });
    return {
      ...nothing,
      evaluated: result.evaluated,
      notReady: result.notReady.length,
      signals: result.signals,
    };
  }

  return {
    fetch,
    signal,
    risk: (signals) => judgeAndPropose(ports, signals),
    alert: async (counts, entries) => {
      await saveReport(ports, counts, entries);
      if (counts.evaluated + counts.notReady > 0) {
        await followLiveSignals(ports, entries, counts.candleOpenTime);
      }
    },
  };
}

function universeOf(
  ports: Ports,
  instruments: readonly Instrument[],
  tickers: readonly Ticker[],
): readonly string[] {
  const { included } = universe(instruments, tickers, { now: ports.clock.now() });
  return included.map((each) => each.symbol);
}

async function missingCandles(
  ports: Ports,
  symbols: readonly string[],
  openTime: Timestamp,
): Promise<readonly { symbol: string; limit: number }[]> {
  const newest = await ports.candles.newest(symbols, INTERVAL);
  const missing = symbols.map((symbol) => {
    const last = newest.get(symbol);
    const behind = last === undefined ? PAGE : Math.ceil((openTime - last) / intervalMs(INTERVAL));
    return { symbol, limit: Math.min(PAGE, behind) };
  });
  return missing.filter((each) => each.limit > 0);
}

async function fetchAll(
  ports: Ports,
  missing: readonly { symbol: string; limit: number }[],
): Promise<{ readonly fresh: number; readonly failed: readonly string[] }> {
  const failed: string[] = [];
  let fresh = 0;
  await eachInParallel(missing, async ({ symbol, limit }) => {
    try {
      const got = await fetchSymbol(ports, { symbol, limit });
      // Added after the wait: others have counted in the meantime.
      fresh += got;
    } catch (error) {
      failed.push(symbol);
      ports.log.warn('candles of a symbol could not be fetched', {
        symbol,
        reason: reasonOf(error),
      });
    }
  });
  return { fresh, failed };
}

async function fetchSymbol(
  ports: Ports,
  { symbol, limit }: { symbol: string; limit: number },
): Promise<number> {
  // One more than is missing: the exchange may still count the newest one as forming.
  const candles = await ports.market.candles({
    symbol,
    interval: INTERVAL,
    limit: Math.min(PAGE, limit + 1),
  });
  await ports.candles.append(symbol, INTERVAL, candles);
  return candles.length > 0 ? 1 : 0;
}

/** Feeds what the store has and the tracker has not. True when its newest candle is a new one. */
async function catchUp(ports: Ports, tracker: SymbolTracker): Promise<boolean> {
  const before = tracker.lastOpenTime();
  for (const candle of await ports.candles.since(tracker.symbol, INTERVAL, before ?? 0)) {
    const outcome = tracker.feed(candle);
    if (outcome.kind === 'used' || outcome.kind === 'ignored') continue;
    ports.log.info('a candle was not taken as it came', {
      symbol: tracker.symbol,
      openTime: candle.openTime,
      ...outcome,
    });
  }
  return tracker.lastOpenTime() !== before;
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

/** The report for /signals. Steps that saw no new candle leave the last report alone; late symbols join their candle's report. */
async function saveReport(
  ports: Ports,
  found: ScanCounts,
  entries: readonly ScanEntry[],
): Promise<void> {
  if (found.evaluated + found.notReady === 0) return;
  const candleClosedAt = found.candleOpenTime + HOUR;
  const latest = await ports.scans.latest().catch(() => undefined);
  const same = latest?.candleClosedAt === candleClosedAt ? latest : undefined;
  // A worker that starts cold looks at the same candle again: its symbols and signals are the same ones, not more.
  const known = new Set(same?.found.map((each) => each.signal.id));
  const added = entries.filter((each) => !known.has(each.signal.id));
  await ports.scans.save({
    at: ports.clock.now(),
    candleClosedAt,
    universe: found.universe,
    evaluated: Math.min(found.universe - found.notReady, found.evaluated + (same?.evaluated ?? 0)),
    notReady: found.notReady,
    signals: added.length + (same?.signals ?? 0),
    found: [...(same?.found ?? []), ...added].slice(0, LISTED),
  });
}
