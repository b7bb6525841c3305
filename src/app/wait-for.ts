import type { Ports } from './ports.ts';

/** Pause between two looks, in wall milliseconds. */
const PAUSE_MS = 250;

/**
 * Looks again and again until `until` is satisfied or about `deadlineMs` of wall time were spent waiting; returns the last thing
 * seen. For reading back what the exchange has accepted.
 */
export async function waitFor<T>(
  { pause }: Pick<Ports, 'pause'>,
  look: () => Promise<T>,
  rule: { readonly deadlineMs: number; readonly until: (seen: T) => boolean },
): Promise<T> {
  let seen = await look();
  for (let waited = 0; waited < rule.deadlineMs && !rule.until(seen); waited += PAUSE_MS) {
    await pause(PAUSE_MS);
    seen = await look();
  }
  return seen;
}
