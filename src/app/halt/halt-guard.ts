import { haltStored } from '../../alerts/rules/halt-stored.ts';
import { transitionMode, type ModeReason, type ModeState } from '../../domain/trading-mode.ts';
import type { ModeStore } from '../ports/mode-store.ts';
import {
  AWAY,
  HALTED,
  UNHEARD,
  type Held as Outcome,
  type Halts,
  type Permission,
} from '../ports/permission.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';

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
  /** From now on another process hears the owner. */
  follow(): void;
  /** Whether it was told to: otherwise whoever leads in another process is asked. */
  leads(): boolean;
  /** Gives no permission any more, and tries no longer to store. */
  stop(): void;
}

/** Where a halt is kept that the store has not taken: it must outlive this process. Neither rejects. */
export interface HaltShelf {
  put(reason: ModeReason): Promise<void>;
  clear(): Promise<void>;
}

type GuardPorts = Pick<Ports, 'mode' | 'outbox' | 'pause' | 'log'> & {
  readonly shelf?: HaltShelf;
  /** Whether the store is away, or what was done without it is not written down yet. */
  readonly unsettled?: () => boolean;
};

interface Hold {
  readonly reason: ModeReason;
  stored: boolean;
}

/** The halt that holds, if any: of several the last. */
interface Held {
  hold: Hold | undefined;
  stopped: boolean;
}

/** Holds nothing and gives no permission until it leads. */
export function createHaltGuard(ports: GuardPorts): HaltGuard {
  const held: Held = { hold: undefined, stopped: false };
  let hears: (() => boolean) | undefined;
  return {
    hold: (reason) => holdNow(ports, held, reason),
    unstored: () => (held.hold?.stored === false ? held.hold.reason : undefined),
    mode: guardedMode(ports, held),
    permission: {
      refusal: async () => {
        if (held.hold !== undefined) return HALTED;
        if (ports.unsettled?.() === true) return AWAY;
        return !held.stopped && hears?.() === true ? undefined : UNHEARD;
      },
    },
    lead: (until) => {
      hears = until;
      // Whoever led meanwhile may have had it lifted; what the store holds is asked for anyway.
      if (held.hold?.stored === true) held.hold = undefined;
    },
    follow: () => (hears = undefined),
    leads: () => hears !== undefined,
    stop: () => (held.stopped = true),
  };
}

async function holdNow(ports: GuardPorts, held: Held, reason: ModeReason): Promise<Outcome> {
  const hold: Hold = { reason, stored: false };
  held.hold = hold;
  const first = store(ports, hold);
  const outcome = await Promise.race([
    first.catch(reasonOf),
    ports.pause(PATIENCE_MS).then(() => 'it does not answer'),
  ]);
  if (typeof outcome !== 'string') {
    // One from before that could not be stored is covered by this one.
    await ports.shelf?.clear();
    return { kind: 'stored', state: outcome };
  }
  await ports.shelf?.put(reason);
  void keepTrying(ports, held, { hold, first });
  return { kind: 'not stored yet', reason: outcome };
}

async function store({ mode }: GuardPorts, hold: Hold): Promise<ModeState> {
  const { state } = await mode.apply(asEvent(hold.reason));
  hold.stored = true;
  return state;
}

/** Until it is stored and told, or the owner has halted again: then that halt is seen to. */
async function keepTrying(
  ports: GuardPorts,
  held: Held,
  { hold, first }: { readonly hold: Hold; readonly first: Promise<ModeState> },
): Promise<void> {
  await first.catch(() => undefined);
  while (!held.stopped && held.hold === hold) {
    try {
      if (!hold.stored) await store(ports, hold);
      await ports.shelf?.clear();
      await ports.outbox.raise(haltStored(hold.reason.at));
      return;
    } catch (error) {
      ports.log.warn('a halt holds and is not stored yet', { reason: reasonOf(error) });
      await ports.pause(RETRY_MS);
    }
  }
}

function guardedMode(ports: GuardPorts, held: Held): ModeStore {
  const { mode } = ports;
  return {
    initialise: mode.initialise,
    read: async () => {
      const { hold } = held;
      if (hold === undefined || hold.stored) return mode.read();
      const stored = await mode.read().catch(() => undefined);
      return transitionMode(stored ?? unknownMode(hold.reason), asEvent(hold.reason));
    },
    apply: async (event, also) => {
      const { hold } = held;
      // What is judged by a person must have been stored, or it would be lifted without having been seen.
      if (event.kind === 'resume' && hold?.stored === false) await store(ports, hold);
      const result = await mode.apply(event, also);
      const lifted = event.kind === 'resume' && result.state.mode === 'normal';
      // A halt that came while this one was being lifted stays.
      if (lifted && held.hold === hold) held.hold = undefined;
      return result;
    },
  };
}

const asEvent = (reason: ModeReason) => ({ kind: 'tighten', to: 'halted', reason }) as const;

const unknownMode = ({ at }: ModeReason): ModeState => ({ mode: 'halted', reasons: [], since: at });
