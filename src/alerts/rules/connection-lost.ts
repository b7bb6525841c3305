import type { Finding } from '../../domain/alert.ts';
import { countPositions } from './connection-back.ts';
import { formatDuration, formatUtc, type Timestamp } from '../../domain/time.ts';

/** A feed that went silent. */
export interface LostFeed {
  /** Which one, in plain words: "price stream", "account". */
  readonly feed: string;
  /** When it last delivered; absent: never since `startedAt`. */
  readonly lastAt?: Timestamp;
  readonly startedAt?: Timestamp;
  /** Absent: not known. */
  readonly openPositions?: number;
  /** Why, as far as it is known: the last failure in plain words. */
  readonly reason?: string;
}

/** A feed is lost. Critical while positions are open: nobody watches them then but their resting stops. */
export const connectionLost = (lost: LostFeed, now: Timestamp): Finding => ({
  key: `connection-lost:${lost.feed}:${lost.lastAt ?? `never:${lost.startedAt}`}`,
  kind: 'connection-lost',
  // What is not known may be the worse.
  severity: lost.openPositions === 0 ? 'warning' : 'critical',
  title:
    lost.lastAt === undefined
      ? `No connection to the exchange: ${lost.feed} never read`
      : `No connection to the exchange: ${lost.feed} silent for ${formatDuration(now - lost.lastAt)}`,
  lines: [
    ...(lost.lastAt === undefined ? [] : [`Last heard at ${formatUtc(lost.lastAt)}.`]),
    lost.openPositions === undefined
      ? 'Whether positions are open is not known.'
      : countPositions(lost.openPositions),
    ...(lost.reason === undefined ? [] : [`The reason: ${lost.reason}.`]),
    'Stops that rest at the exchange keep working. New trades are on hold; nothing is closed because of this.',
  ],
  at: now,
});
