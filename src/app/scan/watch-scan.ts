import { rules } from '../../alerts/explain/with-basis.ts';
import { lastClosedOpenTime } from '../../domain/candle.ts';
import type { ScanReport } from '../../domain/scan-report.ts';
import { isPushed } from '../../domain/signal.ts';
import { HOUR, MINUTE, type Timestamp } from '../../domain/time.ts';
import { SCAN_INTERVAL } from './fetch-candles.ts';
import type { Ports } from '../ports/ports.ts';
import { readPlaces } from './places.ts';
import { unreadOf } from './scan-report.ts';

/** How long a scan may take to see nearly all of the universe after a candle has closed, or after a start. */
const GRACE_MS = 15 * MINUTE;

type Watched = Pick<
  Ports,
  'scans' | 'accounts' | 'outbox' | 'clock' | 'startedAt' | 'limits' | 'places' | 'venueMode'
>;

/**
 * Tells once that the newest closed candle could not be scanned, wholly or in good part, whatever the reason: reads that fail, a
 * sweep that takes for ever, or none that runs. Not where the exchange as a whole cannot be read: that is told already. And once that
 * a pushed strategy cannot judge a good part of what was scanned since candles were missing.
 */
export async function watchScan(ports: Watched): Promise<void> {
  const report = await ports.scans.latest();
  await tellBehind(ports, report);
  await tellSilent(ports, report);
}

async function tellSilent(ports: Watched, report: ScanReport | undefined): Promise<void> {
  const wide = report?.silent?.filter(({ wideSince }) => wideSince !== undefined) ?? [];
  if (report === undefined || wide.length === 0) return;
  const { universe } = report;
  const now = ports.clock.now();
  const places = await readPlaces(ports);
  for (const { strategy, symbols, until, wideSince: since = now } of wide) {
    if (!isPushed(places.get(strategy))) continue;
    const silent = { strategy, symbols, universe, until, since };
    await ports.outbox.raise(rules.scanBehind(silent, now));
  }
}

async function tellBehind(ports: Watched, report: ScanReport | undefined): Promise<void> {
  const { clock, startedAt } = ports;
  const now = clock.now();
  const closedAt = lastClosedOpenTime(SCAN_INTERVAL, now) + HOUR;
  if (now - Math.max(closedAt, startedAt) < GRACE_MS * Math.max(1, clock.speed)) return;
  if ((report?.completeTo ?? -Infinity) >= closedAt) return;
  if ((await ports.accounts.failedReads()) >= ports.limits().maxFailedReads) return;
  const completeTo = report?.completeTo;
  await ports.outbox.raise(
    rules.scanBehind(
      {
        candleClosedAt: closedAt,
        ...(completeTo === undefined ? {} : { completeTo }),
        ...soFar(report, closedAt),
      },
      now,
    ),
  );
}

/** What a sweep has seen of the candle. */
function soFar(report: ScanReport | undefined, closedAt: Timestamp) {
  if (report?.candleClosedAt !== closedAt) return {};
  const { universe, unscored } = report;
  const reason = unscored.find(({ cause }) => cause === 'not-read')?.reason;
  return { scan: { unread: unreadOf(unscored), universe, reason } };
}
