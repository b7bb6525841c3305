/**
 * Knows whether the store takes writes. A test write a second tells one that is full, read-only or hung from one that is there: each of
 * them may still answer a ping.
 */
import type { Log } from '../../app/ports/log.ts';

export interface StoreWatch {
  /** Why the store counts as away, in plain words; undefined while it is there. */
  away(): string | undefined;
  /** Whether it is away, or back and what was done without it is still being written down. */
  unsettled(): boolean;
  /** Called after each write that was taken. */
  onWritten(listener: () => void): () => void;
  onAway(listener: () => void): void;
  /** Called once it takes writes again; it is settled when all have resolved. None may reject. */
  onBack(listener: () => Promise<void>): void;
  stop(): void;
}

const EVERY_MS = 1_000;
/** A stall that is shorter is none. */
const AWAY_MS = 3_000;

/** `write`: one test write; it may hang, and is not followed by another until it ends. */
export function watchStore(write: () => Promise<void>, log: Log): StoreWatch {
  const written = new Set<() => void>();
  const left: (() => void)[] = [];
  const backs: (() => Promise<void>)[] = [];
  let writtenAt = performance.now();
  let reason = HUNG;
  let state: 'there' | 'away' | 'coming back' = 'there';
  let under = false;

  async function comeBack(): Promise<void> {
    state = 'coming back';
    await Promise.all(backs.map((each) => each()));
    // It may have gone again meanwhile.
    if (state === 'coming back') state = 'there';
    log.info('the store takes writes again');
  }

  function look(): void {
    if (!under) void tryWrite();
    if (state === 'away' || performance.now() - writtenAt <= AWAY_MS) return;
    state = 'away';
    log.error('the store is away', { reason });
    for (const each of left) each();
  }

  async function tryWrite(): Promise<void> {
    under = true;
    try {
      await write();
      writtenAt = performance.now();
      reason = HUNG;
      for (const each of written) each();
      if (state === 'away') await comeBack();
    } catch (error) {
      reason = whyAway(error);
    } finally {
      under = false;
    }
  }

  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    away: () => (state === 'away' ? reason : undefined),
    unsettled: () => state !== 'there',
    onWritten: (listener) => {
      written.add(listener);
      return () => written.delete(listener);
    },
    onAway: (listener) => void left.push(listener),
    onBack: (listener) => void backs.push(listener),
    stop: () => clearInterval(timer),
  };
}

const HUNG = 'it does not answer';

/** What a store that takes no write says, in words for the owner. The first that fits counts. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^OOM /, 'it is full'],
  [/^MISCONF /, 'it cannot write to its disk'],
  [/^(READONLY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN) ?/, 'it takes no writes'],
  [/^LOADING /, 'it is still starting'],
  [/^(NOAUTH|WRONGPASS|NOPERM) ?/, 'it refuses the password'],
  [/timed out/i, HUNG],
];

function whyAway(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  return REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? 'it cannot be reached';
}
