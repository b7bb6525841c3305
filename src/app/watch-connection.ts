import { connectionBack } from '../alerts/rules/connection-back.ts';
import { connectionLost } from '../alerts/rules/connection-lost.ts';
import { SECOND, type Timestamp } from '../domain/time.ts';
import type { Ports, PriceStream } from './ports.ts';
import { reasonOf } from './reading.ts';

/** A drop that heals within this wall time is only read over, not told: the regular reading sees prices as often. */
const TOLD_AFTER_MS = 5 * SECOND;
const FEED = 'price stream';

interface Gap {
  readonly lastAt: Timestamp;
  told: boolean;
}

/**
 * Tells when the price stream is gone for more than 5 s while positions are open, and when it is back; and has the account read
 * after every gap, because a stop may have been reached in it.
 */
export function watchConnection(
  ports: Pick<Ports, 'accounts' | 'outbox' | 'work' | 'clock' | 'log' | 'pause'>,
  stream: Pick<PriceStream, 'onState' | 'silenceMs'>,
): void {
  let gap: Gap | undefined;
  const failed = (error: unknown): void =>
    ports.log.warn('a lost price stream could not be told', { reason: reasonOf(error) });
  const openPositions = async (): Promise<number> =>
    (await ports.accounts.snapshot())?.positions.length ?? 0;

  async function tellWhenItLasts(mine: Gap): Promise<void> {
    await ports.pause(TOLD_AFTER_MS);
    const open = await openPositions();
    if (gap !== mine || open === 0) return;
    mine.told = true;
    const lost = { feed: FEED, lastAt: mine.lastAt, openPositions: open };
    await ports.outbox.raise(connectionLost(lost, ports.clock.now()));
  }

  async function afterGap(mine: Gap): Promise<void> {
    await ports.work.refreshAccount();
    if (!mine.told) return;
    const back = { feed: FEED, lostAt: mine.lastAt, openPositions: await openPositions() };
    await ports.outbox.raise(connectionBack(back, ports.clock.now()));
  }

  stream.onState((state, reason) => {
    const before = gap;
    if (state === 'stale' && before === undefined) {
      const silentFor = (stream.silenceMs() ?? 0) * ports.clock.speed;
      gap = { lastAt: Math.round(ports.clock.now() - silentFor), told: false };
      ports.log.warn('the price stream is lost', { reason });
      tellWhenItLasts(gap).catch(failed);
    } else if (state === 'live' || state === 'closed') {
      gap = undefined;
      if (state === 'live' && before !== undefined) afterGap(before).catch(failed);
    }
  });
}
