import type { ScanEntry, ScanReport } from '../../domain/scan-report.ts';
import { isPushed, type Signal } from '../../domain/signal.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import {
  scanBehindKey,
  scanComplete,
  strategySilentKey,
  strategySpeaks,
} from '../../alerts/rules/scan-behind.ts';
import { strategyNamed } from '../../signals/strategies/list.ts';
import { scan } from '../../signals/scan.ts';
import { standsBefore } from '../../signals/selection.ts';
import { fetchCandles, type Fetched } from './fetch-candles.ts';
import type { Ports } from '../ports/ports.ts';
import { judgeAndPropose } from '../approval/propose.ts';
import { idsOf, nextReport, type ScanCounts } from './scan-report.ts';
import { readPlaces } from './places.ts';
import { followLiveSignals } from './signal-ledger.ts';
import { withdrawByRecord } from './withdraw.ts';
import { createTrackedSymbols } from './tracked-symbols.ts';

export type { Fetched } from './fetch-candles.ts';
export type { ScanCounts } from './scan-report.ts';

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
 * The scan as four steps: fetch, signal, risk, alert. Each symbol is checked once a candle: the report, written by the last step,
 * says which ones are. A sweep that ends anywhere before is taken up by the next one, in any worker, and nothing in memory decides
 * what is due; a worker that starts cold catches up from the store.
 */
export function createScanner(ports: Ports): Scanner {
  const tracked = createTrackedSymbols(ports);

  async function signal(fetched: Fetched): Promise<Found> {
    const { symbols, candleOpenTime } = fetched;
    await tracked.catchUp(symbols);
    const { ready, scored, unscored, silent } = tracked.standing(fetched);
    const latest = await readLatest(ports);
    const same = latest?.candleClosedAt === candleOpenTime + HOUR ? latest : undefined;
    const before = new Set(same?.scored);
    const judged = new Set(same && idsOf(same));
    const places = await readPlaces(ports);
    const counts = {
      candleOpenTime,
      universe: symbols.length,
      // What was read ahead is looked at whole by the next sweep, which finds what is judged by its name.
      scored: fetched.isAhead === true ? [...before].toSorted() : scored,
      unscored,
      silent: silent.filter(({ strategy }) => places.get(strategy) !== 'off'),
    };
    const due = ready.filter(
      ({ symbol, strategy }) => !before.has(symbol) && places.get(strategy.name) !== 'off',
    );
    if (due.length === 0) return { ...counts, signals: [] };
    const instruments = await ports.market.instruments();
    const { signals } = scan({
      trackers: due,
      instruments: new Map(instruments.map((each) => [each.symbol, each])),
      closedAt: candleOpenTime + HOUR,
      limits: ports.limits(),
    });
    const isNews = (each: Signal): boolean =>
      !judged.has(each.id) && !hasLapsed(each, ports.clock.now());
    const { unread } = fetched;
    // What may yet be outranked for its place is found again by the next sweep.
    const isSettled = (each: Signal): boolean =>
      unread === undefined ||
      !isPushed(places.get(each.strategy), each.clean === true) ||
      standsBefore(each, unread);
    return { ...counts, signals: signals.filter((each) => isNews(each) && isSettled(each)) };
  }

  return {
    fetch: () =>
      fetchCandles(ports, async (tickers, closedAt) => {
        await tracked.catchUp(tickers.map(({ symbol }) => symbol));
        const places = await readPlaces(ports);
        return tracked.near({ closedAt, tickers, places, limits: ports.limits() });
      }),
    signal,
    risk: (signals) => judgeAndPropose(ports, signals),
    // The report comes last: what it names is never looked at again on this candle.
    alert: async (counts, entries) => {
      const latest = await readLatest(ports);
      const clock = { now: ports.clock.now(), speed: ports.clock.speed };
      const report = nextReport(latest, { ...counts, entries }, clock);
      if (report === undefined) return;
      await followLiveSignals(ports, entries, counts.candleOpenTime);
      await withdrawByRecord(ports);
      await ports.scans.save(report);
      await tellComplete(ports, latest, report);
    },
  };
}

/** Found too late: its strategy says nothing of a market that is so much older. */
const hasLapsed = ({ strategy, candleClosedAt }: Signal, now: Timestamp): boolean =>
  now - candleClosedAt > (strategyNamed(strategy)?.lapsesAfterMs ?? 0);

/** A report that cannot be read is none: its candle is looked at again, which changes nothing twice. */
const readLatest = (ports: Pick<Ports, 'scans'>): Promise<ScanReport | undefined> =>
  ports.scans.latest().catch(() => undefined);

/** Where it was told that the scan, or a strategy, is behind, that message says now that it has caught up. */
async function tellComplete(
  ports: Pick<Ports, 'outbox'>,
  before: ScanReport | undefined,
  after: ScanReport,
): Promise<void> {
  for (const { strategy, wideSince } of before?.silent ?? []) {
    const now = after.silent?.find((each) => each.strategy === strategy);
    if (wideSince === undefined || now?.wideSince !== undefined) continue;
    await ports.outbox.revise(
      strategySilentKey({ strategy, since: wideSince }),
      strategySpeaks(strategy, now?.symbols ?? 0, after.universe),
    );
  }
  if (after.completeTo === before?.completeTo) return;
  await ports.outbox.revise(scanBehindKey(before?.completeTo), scanComplete(after));
}
