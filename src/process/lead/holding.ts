/** Asks for a lease again and again, and keeps what the answers mean. */
import { setTimeout } from 'node:timers/promises';
import {
  LEASE_TIMES,
  lastLeaderMs,
  standingOf,
  type LeaseTimes,
  type Standing,
} from '../../domain/process/standing.ts';
import type { Lease } from '../../store/lease.ts';
import { ageFromNow } from '../ask-permission.ts';

export interface Holding {
  standing(): Standing;
  /** The number of the newest term; undefined before the first. */
  number(): number | undefined;
  /** Resolves when the lease is this process's. */
  win(signal: AbortSignal): Promise<void>;
  renewUntilLost(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

export interface HoldingOptions {
  readonly lease: Lease;
  /** While it is false this process does not apply. */
  readonly applies?: () => boolean;
  readonly times?: LeaseTimes;
}

/** Between two looks of whoever stands by. */
const LOOK_MS = 500;

export function followLease(options: HoldingOptions): Holding {
  const { lease, applies = () => true, times = LEASE_TIMES } = options;
  const { ask, unanswered } = asking(times.askMs);
  let heldFor: (() => number) | undefined;
  let number: number | undefined;

  async function hold(): Promise<void> {
    const asked = await ask(lease.hold);
    if (asked === undefined) return;
    heldFor = asked.answer === undefined ? undefined : asked.age;
    number = asked.answer ?? number;
  }

  async function win(signal: AbortSignal): Promise<void> {
    let away = false;
    let forgotten = false;
    /** Since the store is back, or was found emptied; looks go on meanwhile, so that no second loss is missed. */
    let backFor: (() => number) | undefined;
    const waits = (): boolean => backFor !== undefined && backFor() < lastLeaderMs(times);
    while (!signal.aborted && heldFor === undefined) {
      // A question that only looks: one that takes could be answered after it was given up.
      const free = applies() ? await ask(lease.isFree) : undefined;
      if (free === undefined) away = applies();
      // Emptied under whoever leads: that one notes it within this time, or it is gone.
      const emptied = free?.answer === true && lease.hasForgotten() && !forgotten;
      forgotten = lease.hasForgotten();
      if (free !== undefined && (away || emptied)) {
        // The store is back; whoever led until then comes first, and acts no more as the last leader when it did not.
        away = false;
        backFor = ageFromNow();
      } else if (free?.answer === true && !waits()) await hold();
      if (heldFor === undefined) await rest(Math.min(LOOK_MS, times.renewMs), signal);
    }
  }

  return {
    standing: () => standingOf({ heldMs: heldFor?.(), ...unanswered() }, times),
    number: () => number,
    win,
    renewUntilLost: async (signal) => {
      while (!signal.aborted && heldFor !== undefined) {
        await rest(times.renewMs, signal);
        if (!signal.aborted) await hold();
      }
    },
    release: async () => {
      heldFor = undefined;
      await ask(lease.release);
    },
  };
}

const rest = (ms: number, signal: AbortSignal): Promise<unknown> =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);

/** Questions to the store that are given up after a while, and the newest of them that was left without an answer. */
function asking(askMs: number) {
  let silence: { readonly ago: () => number; readonly tookMs: number } | undefined;
  return {
    unanswered: (): Pick<Parameters<typeof standingOf>[0], 'unanswered'> =>
      silence === undefined ? {} : { unanswered: { agoMs: silence.ago(), tookMs: silence.tookMs } },
    /** Undefined: the store did not answer in time. `age`: since the question was sent. */
    ask: async <T>(
      question: () => Promise<T>,
    ): Promise<{ readonly answer: T; readonly age: () => number } | undefined> => {
      const age = ageFromNow();
      const answered = new AbortController();
      try {
        const late = setTimeout(askMs, undefined, { signal: answered.signal }).then(() => {
          throw new Error('no answer');
        });
        const answer = await Promise.race([question(), late]);
        silence = undefined;
        return { answer, age };
      } catch {
        silence = { ago: ageFromNow(), tookMs: age() };
        return undefined;
      } finally {
        answered.abort();
      }
    },
  };
}
