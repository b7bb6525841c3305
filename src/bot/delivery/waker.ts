/** Lets a loop rest until its time is up or something happens. */
export interface Waker {
  /** Something happened; the loop looks again at once. Remembered until `rest`. */
  readonly wake: () => void;
  isAwake(): boolean;
  /** Forgets what happened so far, before looking. */
  rest(): void;
  /** Waits, at most until `wake`; not at all when that was called since `rest`. */
  nap(ms: number): Promise<void>;
  /** Waits, whatever happens; only `stop` ends it earlier. */
  sleep(ms: number): Promise<void>;
  stop(): void;
}

export function createWaker(): Waker {
  let awake = false;
  let stopped = false;
  let napping: (() => void) | undefined;
  let sleeping: (() => void) | undefined;

  function pause(ms: number, keep: (end: (() => void) | undefined) => void): Promise<void> {
    if (stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        keep(undefined);
        resolve();
      };
      const timer = setTimeout(end, ms);
      keep(end);
    });
  }

  return {
    wake: () => {
      awake = true;
      napping?.();
    },
    isAwake: () => awake,
    rest: () => {
      awake = false;
    },
    nap: (ms) => (awake ? Promise.resolve() : pause(ms, (end) => (napping = end))),
    sleep: (ms) => pause(ms, (end) => (sleeping = end)),
    stop: () => {
      stopped = true;
      napping?.();
      sleeping?.();
    },
  };
}
