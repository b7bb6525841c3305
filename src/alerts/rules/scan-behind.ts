import type { Finding } from '../../domain/alert.ts';
import type { ScanReport, Silent } from '../../domain/scan-report.ts';
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

/** A strategy that is pushed and cannot judge much of the universe, for candles that were missing. */
export interface StrategySilent extends Pick<Silent, 'strategy' | 'symbols' | 'until'> {
  readonly universe: number;
  /** Close of the candle since which that is so. */
  readonly since: Timestamp;
}

/** One message from the last complete scan to the next one. */
export const scanBehindKey = (completeTo: Timestamp | undefined): string =>
  `scan-behind:${completeTo ?? 'never'}`;

/** One message from the candle after the gap until enough can be judged. */
export const strategySilentKey = ({
  strategy,
  since,
}: Pick<StrategySilent, 'strategy' | 'since'>): string => `scan-behind:${strategy}:${since}`;

/**
 * Trade ideas are missing because candles could not be read, or are missing at the exchange. No alarm: what watches open positions
 * reads something else.
 */
export const scanBehind = (behind: ScanBehind | StrategySilent, now: Timestamp): Finding => ({
  kind: 'notice',
  severity: 'warning',
  ...('strategy' in behind ? silentText(behind) : unreadText(behind)),
  at: now,
});

const unreadText = (behind: ScanBehind) => ({
  key: scanBehindKey(behind.completeTo),
  title: titleOf(behind),
  lines: [
    ...(behind.scan?.reason === undefined ? [] : [`The reason: ${behind.scan.reason}.`]),
    'Signals are missing until then. Stops and positions are watched as before.',
    'It is retried every minute; /signals names the contracts.',
  ],
});

const silentText = (silent: StrategySilent) => ({
  key: strategySilentKey(silent),
  title: `The market scan is behind: ${silent.strategy} cannot judge ${silent.symbols} of ${silent.universe} contracts`,
  lines: [
    `Candles were missing, and it needs more of them in a row: until about ${formatUtc(silent.until)}.`,
    'Its signals are missing there until then. Stops and positions are watched as before.',
    '/signals says how many are left.',
  ],
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

/** What that message says once the strategy can judge most contracts again. */
export const strategySpeaks = (strategy: string, lacking: number, universe: number) => ({
  title: `${strategy} judges most contracts again`,
  lines: [`It can judge ${universe - lacking} of ${universe}.`],
});
