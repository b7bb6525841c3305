import type { Finding } from '../../domain/alert.ts';
import { countPositions } from './connection-back.ts';
import { formatDuration, formatUtc, type Timestamp } from '../../domain/time.ts';

/** A feed that went silent. */
export interface LostFeed {
  /** Which one, in plain words: "price stream", "account". */
  readonly feed: string;
  /** When it last delivered. */
  readonly lastAt: Timestamp;
  readonly openPositions: number;
}

/** A feed is lost. Critical while positions are open: nobody watches them then but their resting stops. */
export const connectionLost = (lost: LostFeed, now: Timestamp): Finding => ({
  key: `connection-lost:${lost.feed}:${lost.lastAt}`,
  kind: 'connection-lost',
  severity: lost.openPositions > 0 ? 'critical' : 'warning',
  title: `No connection to the exchange: ${lost.feed} silent for ${formatDuration(now - lost.lastAt)}`,
  lines: [
    `Last heard at ${formatUtc(lost.lastAt)}. ${countPositions(lost.openPositions)}`,
    'Stops that rest at the exchange keep working. New trades are on hold; nothing is closed because of this.',
  ],
  at: now,
});
