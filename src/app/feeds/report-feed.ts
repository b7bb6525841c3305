import type { FeedReport } from '../ports/feeds.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf } from '../reading/reading.ts';

/** What a feed says of itself at this moment. */
export type FeedNow = Omit<FeedReport, 'since' | 'at'>;

/** Stores how a feed is, each time that it is called, with the moment since when it is so. A store that is away is logged. */
export function feedReporter(
  ports: Pick<Ports, 'clock' | 'feeds' | 'log'>,
): (now: FeedNow) => Promise<void> {
  let last: FeedReport | undefined;
  return async (now) => {
    const at = ports.clock.now();
    const since = last?.state === now.state ? last.since : at;
    last = { ...now, since, at };
    await ports.feeds.report(last).catch((error: unknown) => {
      ports.log.warn('a feed could not be reported', { feed: now.feed, reason: messageOf(error) });
    });
  };
}
