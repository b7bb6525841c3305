/** One process at a time leads; the others stand by. What needs a leader is started when this process becomes it, and ended when it is no more. */
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { LedByAnother } from '../../domain/failure.ts';
import { mayAct, type Standing } from '../../domain/process/standing.ts';
import { followLease, type HoldingOptions } from './holding.ts';

export interface Leadership {
  standing(): Standing;
  /** The number of this process's newest term; undefined before the first. */
  number(): number | undefined;
  /**
   * Undefined when this process may act now; else resolves when it may, after the store was asked, and rejects with LedByAnother when
   * another one leads.
   */
  untilSure(): Promise<void> | undefined;
  /** Resolves when the first term's work has started. Rejects when it could not. */
  readonly first: Promise<void>;
  /** Ends the work and gives the lease up. `reason`: why, where nobody asked for it, in a sentence for the owner. */
  stop(reason?: string): Promise<void>;
}

export interface LeadershipOptions extends HoldingOptions {
  readonly role: string;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Starts what only the leader does, and returns what ends it. */
  readonly serve: () => Promise<(reason?: string) => Promise<void>>;
}

/** Between two looks of what waits for an answer of the store. */
const WAIT_MS = 50;
/** A term whose work did not start is tried again after that. */
const AGAIN_MS = 2_000;

export function leadWhenever(options: LeadershipOptions): Leadership {
  const { role, log, serve } = options;
  const holding = followLease(options);
  const ended = new AbortController();
  const { signal } = ended;
  const stopping = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const pause = (ms: number): Promise<unknown> =>
    setTimeout(ms, undefined, { signal }).catch(() => undefined);

  async function term(): Promise<void> {
    log.info('this process leads', { role, number: holding.number() });
    const over = new AbortController();
    const lost = holding.renewUntilLost(over.signal);
    try {
      const end = await serve();
      begun();
      await Promise.race([lost, stopping]);
      // Held until all is ended, so that nobody begins before.
      await end(why);
      if (!signal.aborted) log.warn('another process has taken over', { role });
    } finally {
      over.abort();
      await lost;
    }
  }

  let why: string | undefined;
  let begun = (): void => undefined;
  let failed = (_error: unknown): void => undefined;
  const first = new Promise<void>((resolve, reject) => {
    begun = resolve;
    failed = reject;
  });
  // Whoever waits hears it; later terms have nobody who waits.
  first.catch(() => undefined);

  async function run(): Promise<void> {
    log.info('this process stands by', { role });
    while (!signal.aborted) {
      await holding.win(signal);
      if (signal.aborted) break;
      await term().catch(async (error: unknown) => {
        failed(error);
        log.warn('what a leader does could not be started', { role, reason: messageOf(error) });
        await holding.release();
        await pause(AGAIN_MS);
      });
    }
    await holding.release();
  }
  const running = run();

  return {
    standing: holding.standing,
    number: holding.number,
    untilSure: () => (mayAct(holding.standing()) ? undefined : untilSure(holding.standing)),
    first,
    stop: async (reason) => {
      why = reason;
      ended.abort();
      await running;
    },
  };
}

async function untilSure(standing: () => Standing): Promise<void> {
  while (!mayAct(standing())) {
    if (standing() === 'stands by') throw new LedByAnother();
    await setTimeout(WAIT_MS);
  }
}
