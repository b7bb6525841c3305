/** Patience for whole programs on a machine that may be busy: conditions are polled, nothing sleeps for a fixed time. */
import { PATIENCE_MS } from '../patience.ts';

const EVERY_MS = 100;

/** The first value that is neither undefined nor false. Rejects with the description when none comes in time. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { says, ms = 2 * PATIENCE_MS }: { says: () => Promise<string> | string; ms?: number },
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`Not within ${ms / 1_000} s: ${await says()}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** Waits until that holds in a page. It is asked from outside each time: the page itself may not evaluate a text. */
export const untilInPage = (
  page: { evaluate(expression: string): Promise<unknown> },
  expression: string,
  ms?: number,
): Promise<true> =>
  until(async () => (await page.evaluate(expression)) === true, {
    says: () => expression,
    ...(ms === undefined ? {} : { ms }),
  });
