import { rules } from '../../alerts/explain/with-basis.ts';
import { MINUTE, SECOND, type Timestamp } from '../../domain/time.ts';
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
}

/** What is lost so often within `WINDOW_MS`, or again so soon after it was back, comes and goes: then it is back when it has been well for `CALM_MS`. */
const TURNS = 3;
const WINDOW_MS = 10 * MINUTE;
const CALM_MS = 5 * MINUTE;
const AGAIN = 'It comes and goes: I tell you when it has been well for 5 minutes.';
/** Between two tries to store what is to be told. */
const RETRY_MS = 2 * SECOND;

type Watching = Pick<Ports, 'accounts' | 'outbox' | 'work' | 'clock' | 'log' | 'pause'>;

/** Tells when a stream stays lost, and when it is back; and has the account read after every gap, because something may have happened in it. */
export function watchConnection(
  ports: Watching,
  stream: Pick<PriceStream | AccountStream, 'onState' | 'silenceMs'>,
  feed: WatchedFeed,
): void {
  let gap: Gap | undefined;
  const teller = createTeller(ports, feed, () => gap);
  stream.onState((state, reason) => {
    const before = gap;
    if (state === 'stale') {
      ports.log.warn('a stream is lost', { feed: feed.name, reason });
      // The first reason began it, the last one says why it does not come back.
      if (before !== undefined) before.reason = reason;
      if (before !== undefined) return;
      const silentFor = (stream.silenceMs() ?? 0) * ports.clock.speed;
      gap = { lastAt: Math.round(ports.clock.now() - silentFor), reason };
      teller.count();
      void teller.settle();
    } else if (state === 'live' || state === 'closed' || state === 'idle') {
      gap = undefined;
      if (state !== 'live') return teller.forget();
      if (before === undefined) return;
      ports.work.refreshAccount().catch((error: unknown) =>
        ports.log.warn('the account could not be asked for after a gap', {
          feed: feed.name,
          why: messageOf(error),
        }),
      );
      void teller.settle();
    }
  });
}

/** The loss of which the owner knows. */
interface Known {
  readonly lostAt: Timestamp;
  /** It comes and goes. */
  readonly again: boolean;
  /** Only that it is lost for short times again and again: one that lasts is told all the same. */
  readonly short: boolean;
}

/** Brings what the owner knows in line with what is: what could not be stored is tried again until it is, or is no longer so. */
function createTeller(ports: Watching, feed: WatchedFeed, gap: () => Gap | undefined) {
  let known: Known | undefined;
  let backAt: Timestamp | undefined;
  /** When it was lost within the last `WINDOW_MS`, short losses too. */
  let losses: readonly Timestamp[] = [];
  let working = false;
  const openPositions = async (): Promise<number> =>
    (await ports.accounts.snapshot())?.positions.length ?? 0;

  async function tellLost(mine: Gap): Promise<boolean> {
    await ports.pause(feed.toldAfterMs);
    const short = gap() !== mine;
    if (short && (known !== undefined || losses.length < TURNS)) return true;
    const open = await openPositions();
    if (open === 0 && feed.onlyWithPositions) return false;
    const now = ports.clock.now();
    const soon = backAt !== undefined && now - backAt <= WINDOW_MS * ports.clock.speed;
    const again = soon || losses.length >= TURNS;
    const lost = lossOf(feed, mine, { again, ...(short ? { times: losses.length } : {}) });
    await ports.outbox.raise(rules.connectionLost({ ...lost, openPositions: open }, now));
    known = { lostAt: mine.lastAt, again, short };
    return true;
  }

  async function tellBack({ lostAt, again }: Known): Promise<void> {
    for (let calm = 0; again && calm < CALM_MS && gap() === undefined; calm += SECOND)
      await ports.pause(SECOND);
    if (gap() !== undefined || known?.lostAt !== lostAt) return;
    const back = { feed: feed.name, lostAt, openPositions: await openPositions() };
    const now = ports.clock.now();
    await ports.outbox.raise(rules.connectionBack(back, now));
    known = undefined;
    backAt = now;
  }

  /** False when there is nothing to tell. */
  async function step(): Promise<boolean> {
    const mine = gap();
    if (mine !== undefined && known?.short !== false) return tellLost(mine);
    if (mine !== undefined || known === undefined) return false;
    await tellBack(known);
    return true;
  }

  async function settle(): Promise<void> {
    if (working) return;
    working = true;
    let tried = false;
    for (let more = true; more;) {
      try {
        more = await step();
        tried = false;
      } catch (error) {
        if (!tried) ports.log.warn('a lost stream could not be told', whyOf(feed, error));
        tried = true;
        await ports.pause(RETRY_MS);
      }
    }
    working = false;
  }

  function count(): void {
    const now = ports.clock.now();
    losses = [...losses.filter((at) => now - at <= WINDOW_MS * ports.clock.speed), now];
  }

  return { settle, count, forget: () => void (known = undefined) };
}

/** What is told of a loss. `times`: of so many short ones; the account is read every few seconds all the while, and no gap is long. */
const lossOf = (
  { name, severity, meanwhile }: WatchedFeed,
  { lastAt, reason }: Gap,
  { again, times }: { readonly again: boolean; readonly times?: number },
) => ({
  feed: name,
  lastAt,
  reason,
  meanwhile: again ? `${meanwhile} ${AGAIN}` : meanwhile,
  ...(times === undefined ? { severity } : { times, severity: 'warning' as const }),
});

const whyOf = ({ name }: WatchedFeed, error: unknown) => ({ feed: name, why: messageOf(error) });
