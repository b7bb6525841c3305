import type { Ports } from '../ports/ports.ts';

/** Pause between two looks, in wall milliseconds. */
const PAUSE_MS = 250;

/**
 * Looks again and again until `until` is satisfied or `deadlineMs` of wall time have passed, which includes the looks themselves:
 * a slow exchange does not make it longer. Returns the last thing seen. For reading back what the exchange has accepted.
 */
export async function waitFor<T>(
  { pause, clock }: Pick<Ports, 'pause' | 'clock'>,
  look: () => Promise<T>,
  rule: { readonly deadlineMs: number; readonly until: (seen: T) => boolean },
): Promise<T> {
  const start = clock.now();
  const late = (): boolean => clock.now() - start >= rule.deadlineMs * clock.speed;
  let seen = await look();
  for (let waited = 0; waited < rule.deadlineMs; waited += PAUSE_MS) {
    if (rule.until(seen) || late()) break;
    await pause(PAUSE_MS);
    seen = await look();
  }
  return seen;
}
