/** Pause between two looks, in wall milliseconds. */
const PAUSE_MS = 250;

/**
 * Looks again and again until `until` is satisfied or the deadline (wall milliseconds) has passed; returns the last thing seen.
 * For reading back what the exchange has accepted.
 */
export async function waitFor<T>(
  look: () => Promise<T>,
  rule: { readonly deadlineMs: number; readonly until: (seen: T) => boolean },
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const seen = await look();
    if (rule.until(seen) || performance.now() - start > rule.deadlineMs) return seen;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
