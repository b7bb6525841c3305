/** Tells the store how this process hears from the exchange, for /status in whichever process answers it. */
import type { FeedName } from '../app/ports/feeds.ts';
import type { AccountStream } from '../app/ports/account-stream.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { PriceStream } from '../app/ports/price-stream.ts';
import { feedReporter, type FeedNow } from '../app/feeds/report-feed.ts';
import { formatDuration } from '../domain/time.ts';
import type { BitunixPriceStream } from '../exchange/bitunix/streams/price-stream.ts';
import type { RestHealth } from '../exchange/bitunix/rest/rest.ts';
import { again } from './pulse/again.ts';
import type { Wiring } from './wiring.ts';
import { countText } from '../domain/words/words.ts';

const REPORT_MS = 2_000;

/** Reports how requests fare, until it is stopped. */
export function reportRequests({ ports, bitunix, clock }: Wiring): () => void {
  const report = feedReporter(ports);
  return again(REPORT_MS, () => report(requestsNow(bitunix.health(), clock)));
}

export interface ReportedStream {
  readonly feed: FeedName;
  readonly stream: PriceStream | AccountStream;
  /** What is wrong with it although it is live; "" when nothing is. */
  readonly flaw?: () => string;
}

/** Reports a stream, at each change of its state too, until it is stopped. */
export function reportStream(
  { ports }: Wiring,
  { feed, stream, flaw = () => '' }: ReportedStream,
): () => void {
  const report = feedReporter(ports);
  let why = '';
  const now = (): FeedNow => {
    const silentMs = stream.silenceMs();
    const silence = silentMs === undefined ? {} : { silentMs };
    const state = stream.state();
    return { feed, state, reason: state === 'live' ? flaw() : why, ...silence };
  };
  stream.onState((state, reason) => {
    why = state === 'stale' ? reason : '';
    void report(now());
  });
  return again(REPORT_MS, () => report(now()));
}

/** A symbol of an open position that is not pushed for so long, wall time. */
const QUIET_MS = 15_000;

/** Which followed symbols have no price, and whether pushes could not be read. */
export function flawOfPrices(prices: BitunixPriceStream): string {
  const quiet = prices.quietSymbols(QUIET_MS);
  const unread = prices.ignoredFrames();
  return [
    ...(quiet.length === 0 ? [] : [`no price is pushed for ${quiet.join(', ')}`]),
    ...(unread === 0 ? [] : [`${countText(unread, 'push', 'pushes')} could not be read`]),
  ].join('; ');
}

function requestsNow({ breaker, lastOkAt, offsetMs }: RestHealth, clock: Clock): FeedNow {
  const silentMs = lastOkAt === undefined ? undefined : (clock.now() - lastOkAt) / clock.speed;
  const known = silentMs === undefined ? {} : { silentMs, clockOffsetMs: offsetMs };
  if (breaker.state === 'closed') {
    return {
      feed: 'requests',
      state: silentMs === undefined ? 'connecting' : 'live',
      reason: '',
      ...known,
    };
  }
  const next =
    breaker.state === 'probing'
      ? 'an attempt is under way'
      : `next attempt in ${formatDuration(breaker.retryInMs / clock.speed + 999)}`;
  return { feed: 'requests', state: 'paused', reason: `${breaker.reason}; ${next}`, ...known };
}
