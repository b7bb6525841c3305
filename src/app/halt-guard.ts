import type { Finding } from '../domain/alert.ts';
import { transitionMode, type ModeReason, type ModeState } from '../domain/trading-mode.ts';
import type { ModeStore } from './mode-ports.ts';
import { HALTED, UNHEARD, type Halts, type Permission } from './permission.ts';
import type { Ports } from './ports.ts';
import { reasonOf } from './reading.ts';

/** Wall time that the owner waits to hear whether a halt is stored; it holds meanwhile. */
const PATIENCE_MS = 1_500;
/** Wall time between two tries to store it. */
const RETRY_MS = 500;

/** What the process that hears the owner knows of their halts, before the store and without it. */
export interface HaltGuard extends Halts {
  /** The trading mode as this process knows it: a halt that is not stored yet counts, and nothing is loosened past it. */
  readonly mode: ModeStore;
  /** Given while this process hears the owner and they have halted nothing that they have not lifted. */
  readonly permission: Permission;
  /** From now on this process hears the owner, for as long as `hears` says so. */
  lead(hears: () => boolean): void;
  /** Whether it was ever told to: before that, whoever leads in another process is asked. */
  leads(): boolean;
  /** Gives no permission any more, and tries no longer to store. */
  stop(): void;
}

interface Hold {
  readonly reason: ModeReason;
  stored: boolean;
}

/** Holds nothing and gives no permission until it leads. */
export function createHaltGuard(
  ports: Pick<Ports, 'mode' | 'outbox' | 'pause' | 'log'>,
): HaltGuard {
  const { mode, outbox, pause, log } = ports;
  let held: Hold | undefined;
  let hears: (() => boolean) | undefined;
  let stopped = false;

  async function store(hold: Hold): Promise<ModeState> {
    const { state } = await mode.apply(asEvent(hold.reason));
    hold.stored = true;
    return state;
  }

  /** Until it is stored and told, or the owner has halted again: then that halt is seen to. */
  async function keepTrying(hold: Hold, first: Promise<ModeState>): Promise<void> {
    await first.catch(() => undefined);
    while (!stopped && held === hold) {
      try {
        if (!hold.stored) await store(hold);
        await outbox.raise(storedNow(hold.reason));
        return;
      } catch (error) {
        log.warn('a halt holds and is not stored yet', { reason: reasonOf(error) });
        await pause(RETRY_MS);
      }
    }
  }

  return {
    hold: async (reason) => {
      const hold: Hold = { reason, stored: false };
      held = hold;
      const first = store(hold);
      const outcome = await Promise.race([
        first.catch(reasonOf),
        pause(PATIENCE_MS).then(() => 'it does not answer'),
      ]);
      if (typeof outcome !== 'string') return { kind: 'stored', state: outcome };
      void keepTrying(hold, first);
      return { kind: 'not stored yet', reason: outcome };
    },
    unstored: () => (held?.stored === false ? held.reason : undefined),
    mode: {
      initialise: mode.initialise,
      read: async () => {
        const hold = held;
        if (hold === undefined || hold.stored) return mode.read();
        const stored = await mode.read().catch(() => undefined);
        return transitionMode(stored ?? unknownMode(hold.reason), asEvent(hold.reason));
      },
      apply: async (event, also) => {
        const hold = held;
        // What is judged by a person must have been stored, or it would be lifted without having been seen.
        if (event.kind === 'resume' && hold?.stored === false) await store(hold);
        const result = await mode.apply(event, also);
        const lifted = event.kind === 'resume' && result.state.mode === 'normal';
        // A halt that came while this one was being lifted stays.
        if (lifted && held === hold) held = undefined;
        return result;
      },
    },
    permission: {
      refusal: async () => {
        if (held !== undefined) return HALTED;
        return !stopped && hears?.() === true ? undefined : UNHEARD;
      },
    },
    lead: (until) => (hears = until),
    leads: () => hears !== undefined,
    stop: () => (stopped = true),
  };
}

const asEvent = (reason: ModeReason) => ({ kind: 'tighten', to: 'halted', reason }) as const;

const unknownMode = ({ at }: ModeReason): ModeState => ({ mode: 'halted', reasons: [], since: at });

const storedNow = ({ at }: ModeReason): Finding => ({
  key: `halt-stored:${at}`,
  kind: 'notice',
  severity: 'warning',
  title: 'Your halt is stored now',
  lines: ['It has held since you sent it. /halt asks how far to go, /resume lifts it.'],
  at,
});
