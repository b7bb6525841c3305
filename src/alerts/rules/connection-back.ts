import type { Finding } from '../../domain/alert.ts';
import { formatDuration, type Timestamp } from '../../domain/time.ts';
import { countText } from '../../domain/words/words.ts';

/** A feed that delivers again. */
export interface BackFeed {
  readonly feed: string;
  /** When it last delivered before the gap. */
  readonly lostAt: Timestamp;
  readonly openPositions: number;
  /** New trades were paused meanwhile, and still are. */
  readonly paused?: boolean;
}

/** "2 positions are open." */
export const countPositions = (count: number): string => {
  if (count === 0) return 'No position is open.';
  return `${countText(count, 'position is', 'positions are')} open.`;
};

const STILL_PAUSED = 'New trades are still paused: /resume shows why and opens them again.';

/** A lost feed is back. Shares no key with the loss, so that each loss and each return is told. */
export const connectionBack = (back: BackFeed, now: Timestamp): Finding => ({
  key: `connection-back:${back.feed}:${back.lostAt}`,
  kind: 'connection-back',
  severity: 'info',
  good: true,
  cause: 'exchange back',
  title: `Connection is back: ${back.feed}, after ${formatDuration(now - back.lostAt)}`,
  lines: [countPositions(back.openPositions), ...(back.paused === true ? [STILL_PAUSED] : [])],
  at: now,
});
