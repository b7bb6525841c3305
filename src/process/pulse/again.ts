/** Looks at once and again and again, until it is stopped. One look at a time: while one hangs there is no other; one that fails is over. */
export function again(everyMs: number, look: () => Promise<void>): () => void {
  let under = false;
  const once = (): void => {
    if (under) return;
    under = true;
    look()
      .catch(() => undefined)
      .finally(() => {
        under = false;
      });
  };
  once();
  const timer = setInterval(once, everyMs);
  return () => clearInterval(timer);
}
