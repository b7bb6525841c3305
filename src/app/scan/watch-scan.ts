import { rules } from '../../alerts/explain/with-basis.ts';
import { lastClosedOpenTime } from '../../domain/candle.ts';
import type { ScanReport } from '../../domain/scan-report.ts';
import { HOUR, MINUTE, type Timestamp } from '../../domain/time.ts';
import { SCAN_INTERVAL } from './fetch-candles.ts';
import type { Ports } from '../ports/ports.ts';
import { unreadOf } from './scan-report.ts';

/** How long a scan may take to see nearly all of the universe after a candle has closed, or after a start. */
const GRACE_MS = 15 * MINUTE;

/**
 * Tells once that the newest closed candle could not be scanned, wholly or in good part, whatever the reason: reads that fail, a
 * sweep that takes for ever, or none that runs. Not where the exchange as a whole cannot be read: that is told already.
 */
export async function watchScan(
  ports: Pick<Ports, 'scans' | 'accounts' | 'outbox' | 'clock' | 'startedAt' | 'limits'>,
): Promise<void> {
  const { clock, startedAt } = ports;
  const now = clock.now();
  const closedAt = lastClosedOpenTime(SCAN_INTERVAL, now) + HOUR;
  if (now - Math.max(closedAt, startedAt) < GRACE_MS * Math.max(1, clock.speed)) return;
  const report = await ports.scans.latest();
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
