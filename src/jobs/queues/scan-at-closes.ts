import type { Clock } from '../../app/ports/clock.ts';
import { SCAN_INTERVAL } from '../../app/scan/fetch-candles.ts';
import { intervalMs, lastClosedOpenTime } from '../../domain/candle.ts';

const LOOK_MS = 500;
/**
 * Wall milliseconds after a close at which a scan is asked for: once the exchange has closed its candles, and again as soon as a part of
 * those that may have a signal was looked at. The scan of each minute goes on beside it.
 */
const AFTER_CLOSE_MS = [1_000, 4_000, 7_000, 10_000, 13_000, 16_000, 20_000, 40_000];

/** Which of them lie between two looks, both in milliseconds since the last close; a smaller later one is after the next close. */
export function isDue(before: number, now: number): boolean {
  const from = now < before ? 0 : before;
  return AFTER_CLOSE_MS.some((each) => each > from && each <= now);
}

/** Asks for a scan soon after each close, which does nothing while one is under way. Gives back what ends it. */
export function scanAtCloses(clock: Clock, startScan: () => Promise<void>): () => void {
  const sinceClose = (): number => {
    const now = clock.now();
    const closedAt = lastClosedOpenTime(SCAN_INTERVAL, now) + intervalMs(SCAN_INTERVAL);
    return (now - closedAt) / clock.speed;
  };
  let before = sinceClose();
  const timer = setInterval(() => {
    const now = sinceClose();
    const due = isDue(before, now);
    before = now;
    // The scan of the next minute makes up for one that could not be asked for.
    if (due) startScan().catch(() => undefined);
  }, LOOK_MS);
  return () => clearInterval(timer);
}
