/**
 * Knows whether the store takes writes. A test write a second tells one that is full, read-only or hung from one that is there: each of
 * them may still answer a ping.
 */
import type { Clock } from '../../app/ports/clock.ts';
import type { Log } from '../../app/ports/log.ts';
import type { StoreLoss } from '../../app/ports/store-loss.ts';
import { messageOf } from '../../app/reading/reading.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { Epoch } from '../../store/epoch.ts';

export interface StoreWatch {
  /** Why the store counts as away, in plain words; undefined while it is there. */
  away(): string | undefined;
  /** Whether it is away, or back and what was done without it is still being written down. */
  unsettled(): boolean;
  /** Called after each write that was taken. */
  onWritten(listener: () => void): () => void;
  onAway(listener: () => void): void;
  /** What it had taken is lost: called until it resolves. */
  onLost(listener: (loss: StoreLoss) => Promise<void>): void;
  /** Called once it takes writes again; it is settled when all have resolved. None may reject. */
  onBack(listener: () => Promise<void>): void;
  stop(): void;
}

const EVERY_MS = 1_000;
/** A stall of the store that is shorter is none, and neither is one of this process, which hears nothing meanwhile. */
const AWAY_MS = 3_000;

/** A test write may hang, and is not followed by another until it ends. */
export function watchStore(epoch: Pick<Epoch, 'beat' | 'settle'>, log: Log): StoreWatch {
  const written = new Set<() => void>();
  const left: (() => void)[] = [];
  const backs: (() => Promise<void>)[] = [];
  let seeToLoss: ((loss: StoreLoss) => Promise<void>) | undefined;
  const silence = measureSilence();
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

  async function settle(loss: StoreLoss): Promise<void> {
    if (seeToLoss === undefined) return;
    log.error('the store has lost what it had taken', { ...loss });
    try {
      await seeToLoss(loss);
      await epoch.settle(loss);
    } catch (error) {
      log.warn('the loss is not told yet', { reason: messageOf(error) });
    }
  }

  function look(): void {
    if (!under) void tryWrite();
    const silentMs = silence.look();
    if (state === 'away' || silentMs <= AWAY_MS) return;
    state = 'away';
    log.error('the store is away', { reason });
    for (const each of left) each();
  }

  async function tryWrite(): Promise<void> {
    under = true;
    try {
      const loss = await epoch.beat();
      silence.ended();
      reason = HUNG;
      for (const each of written) each();
      if (loss !== undefined) await settle(loss);
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
    onLost: (listener) => (seeToLoss = listener),
    onBack: (listener) => void backs.push(listener),
    stop: () => clearInterval(timer),
  };
}

/** Since when the store has taken what is kept, on that clock; one that is back still holds what was kept before it went. */
export function sinceThere(
  watch: Pick<StoreWatch, 'onBack' | 'unsettled'>,
  clock: Pick<Clock, 'now'>,
): () => Timestamp {
  let since = clock.now();
  watch.onBack(async () => void (since = clock.now()));
  return () => (watch.unsettled() ? clock.now() : since);
}

/** How long the store has been silent, at looks every `EVERY_MS`; by how much a look is late this process stood still. */
function measureSilence(): { look(): number; ended(): void } {
  let since = performance.now();
  let lookedAt = since;
  return {
    look: () => {
      const now = performance.now();
      since = Math.min(now, since + Math.max(0, now - lookedAt - EVERY_MS));
      lookedAt = now;
      return now - since;
    },
    ended: () => (since = performance.now()),
  };
}

const HUNG = 'it does not answer';

/** What a store that takes no write says, in words for the owner. The first that fits counts. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/\bOOM /, 'it is full'],
  [/\bMISCONF /, 'it cannot write to its disk'],
  [/\b(READONLY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN)\b/, 'it takes no writes'],
  [/\bLOADING /, 'it is still starting'],
  [/\b(NOAUTH|WRONGPASS|NOPERM)\b/, 'it refuses the password'],
  [/timed out/i, HUNG],
];

function whyAway(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  return REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? 'it cannot be reached';
}
