import type { Finding } from '../../domain/alert.ts';
import type { ScanReport } from '../../domain/scan-report.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';

/** The newest closed candle of which much of the universe could not be read. */
export interface ScanBehind {
  readonly candleClosedAt: Timestamp;
  /** Of that candle, where a sweep has got so far. */
  readonly scan?: {
    readonly unread: number;
    readonly universe: number;
    readonly reason: string | undefined;
  };
  /** Close of the newest candle that was scanned completely; absent: none ever. */
  readonly completeTo?: Timestamp;
}

/** One message from the last complete scan to the next one. */
export const scanBehindKey = (completeTo: Timestamp | undefined): string =>
  `scan-behind:${completeTo ?? 'never'}`;

/** Trade ideas are missing because candles could not be read. No alarm: what watches open positions reads something else. */
export const scanBehind = (behind: ScanBehind, now: Timestamp): Finding => ({
  key: scanBehindKey(behind.completeTo),
  kind: 'notice',
  severity: 'warning',
  title: titleOf(behind),
  lines: [
    ...(behind.scan?.reason === undefined ? [] : [`The reason: ${behind.scan.reason}.`]),
    'Signals are missing until then. Stops and positions are watched as before.',
    'It is retried every minute; /signals names the contracts.',
  ],
  at: now,
});

function titleOf({ candleClosedAt, scan }: ScanBehind): string {
  const candle = `the candle that closed ${formatUtc(candleClosedAt)}`;
  if (scan === undefined) return `The market scan is behind: ${candle} is not scanned yet`;
  return `The market scan is behind: ${scan.unread} of ${scan.universe} contracts could not be read on ${candle}`;
}

/** What that message says once the scan has caught up. */
export const scanComplete = ({ scored, universe, candleClosedAt }: ScanReport) => ({
  title: 'The market scan is complete again',
  lines: [
    `${scored.length} of ${universe} contracts are checked on the candle that closed ${formatUtc(candleClosedAt)}.`,
  ],
});
