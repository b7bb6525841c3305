import { PATIENCE_MS } from '../../patience.ts';
/** Waits for a condition; fails with `what` when it has not come true in time. */
export async function until(
  what: string,
  condition: () => boolean,
  ms = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not in ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
