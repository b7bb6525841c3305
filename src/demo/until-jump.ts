import { setTimeout as delay } from 'node:timers/promises';
import type { Ports } from '../app/ports/ports.ts';
import { MINUTE, SECOND } from '../domain/time.ts';

/** Wall time since somebody was paired after which the generated market of a demo may jump through every stop, so that the emergency stop is seen at work. */
const EARLIEST_MS = 2 * MINUTE;
/** While its owner tries something it does not: so long ago they tapped or wrote last. */
const QUIET_MS = MINUTE;
/** Whoever goes on and on sees it all the same. */
const LATEST_MS = 10 * MINUTE;
const LOOK_MS = SECOND;

/** Whether the market jumps now, by wall milliseconds since somebody was paired and since they were heard last. */
export const jumpsNow = (since: { readonly paired: number; readonly heard: number }): boolean =>
  since.paired >= LATEST_MS || (since.paired >= EARLIEST_MS && since.heard >= QUIET_MS);

/** Wall milliseconds since the owner tapped or wrote last; 0 where that cannot be read. Never rejects. */
export async function sinceHeard({
  clock,
  telling,
}: Pick<Ports, 'clock' | 'telling'>): Promise<number> {
  const at = await telling.presentAt().catch(() => clock.now());
  return at === undefined ? Infinity : (clock.now() - at) / Math.max(1, clock.speed);
}

/** Resolves when the market shall jump, counted from now on, or at the next look once it is over. */
export async function untilJump(
  heardAgo: () => Promise<number>,
  isOver: () => boolean,
): Promise<void> {
  const from = performance.now();
  while (!isOver()) {
    if (jumpsNow({ paired: performance.now() - from, heard: await heardAgo() })) return;
    await delay(LOOK_MS, undefined, { ref: false });
  }
}
