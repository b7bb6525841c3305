import { connectionBack } from '../../alerts/rules/connection-back.ts';
import { connectionLost } from '../../alerts/rules/connection-lost.ts';
import { SECOND, type Timestamp } from '../../domain/time.ts';
import type { FeedName } from '../ports/feeds.ts';
import type { AccountStream } from '../ports/account-stream.ts';
import type { Ports } from '../ports/ports.ts';
import type { PriceStream } from '../ports/price-stream.ts';
import { messageOf } from '../reading/reading.ts';

/** A stream whose loss is told. */
export interface WatchedFeed {
  readonly name: FeedName;
  /** A drop that heals within this wall time is only read over. */
  readonly toldAfterMs: number;
  /** Whether the loss matters only while a position is open. */
  readonly onlyWithPositions: boolean;
  /** What stands in for it, and what that costs. */
  readonly meanwhile: string;
  /** How loud the loss is while a position is open. */
  readonly severity: 'critical' | 'warning';
}

export const PRICE_FEED: WatchedFeed = {
  name: 'price stream',
  toldAfterMs: 5 * SECOND,
  onlyWithPositions: true,
  meanwhile:
    'Prices are read every few seconds instead, so you hear that much later of a stop that is reached.',
  severity: 'critical',
};

/** It comes back by itself within seconds as a rule, and the account is read every 5 s all the while. */
export const ACCOUNT_FEED: WatchedFeed = {
  name: 'account stream',
  toldAfterMs: 30 * SECOND,
  onlyWithPositions: false,
  meanwhile:
    'The account is read every few seconds instead, so you hear that much later of fills and of what is done by hand.',
  severity: 'warning',
};

interface Gap {
  readonly lastAt: Timestamp;
  reason: string;
  told: boolean;
}

/** Tells when a stream stays lost, and when it is back; and has the account read after every gap, because something may have happened in it. */
export function watchConnection(
  ports: Pick<Ports, 'accounts' | 'outbox' | 'work' | 'clock' | 'log' | 'pause'>,
  stream: Pick<PriceStream | AccountStream, 'onState' | 'silenceMs'>,
  feed: WatchedFeed,
): void {
  let gap: Gap | undefined;
  const failed = (error: unknown): void =>
    ports.log.warn('a lost stream could not be told', { feed: feed.name, why: messageOf(error) });
  const openPositions = async (): Promise<number> =>
    (await ports.accounts.snapshot())?.positions.length ?? 0;

  async function tellWhenItLasts(mine: Gap): Promise<void> {
    await ports.pause(feed.toldAfterMs);
    const open = await openPositions();
    if (gap !== mine || (open === 0 && feed.onlyWithPositions)) return;
    mine.told = true;
    const { lastAt, reason } = mine;
    const { name, meanwhile, severity } = feed;
    const lost = { feed: name, lastAt, openPositions: open, reason, meanwhile, severity };
    await ports.outbox.raise(connectionLost(lost, ports.clock.now()));
  }

  async function afterGap(mine: Gap): Promise<void> {
    await ports.work.refreshAccount();
    if (!mine.told) return;
    const back = { feed: feed.name, lostAt: mine.lastAt, openPositions: await openPositions() };
    await ports.outbox.raise(connectionBack(back, ports.clock.now()));
  }

  stream.onState((state, reason) => {
    const before = gap;
    if (state === 'stale') {
      ports.log.warn('a stream is lost', { feed: feed.name, reason });
      // The first reason began it, the last one says why it does not come back.
      if (before !== undefined) before.reason = reason;
      if (before !== undefined) return;
      const silentFor = (stream.silenceMs() ?? 0) * ports.clock.speed;
      gap = { lastAt: Math.round(ports.clock.now() - silentFor), reason, told: false };
      tellWhenItLasts(gap).catch(failed);
    } else if (state === 'live' || state === 'closed' || state === 'idle') {
      gap = undefined;
      if (state === 'live' && before !== undefined) afterGap(before).catch(failed);
    }
  });
}
