import { rules } from '../../alerts/explain/with-basis.ts';
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

/** Where halts are kept that the store has not taken: they must outlive this process. Never rejects. */
export interface HaltShelf {
  /** These, oldest first, and no other. */
  keep(reasons: readonly ModeReason[]): Promise<void>;
}

type GuardPorts = Pick<Ports, 'mode' | 'outbox' | 'pause' | 'log'> & {
  readonly shelf?: HaltShelf;
  /** Whether the store is away, or what was done without it is not written down yet. */
  readonly unsettled?: () => boolean;
};

interface Hold {
  readonly reason: ModeReason;
  /** The mode as it was stored with it; undefined before. */
  stored: ModeState | undefined;
}

interface Held {
  /** Every halt that was given and not lifted, oldest first. */
  holds: readonly Hold[];
  /** The last one of which the owner heard that it is not stored yet. */
  promised: Hold | undefined;
  storing: Promise<void> | undefined;
  trying: boolean;
  stopped: boolean;
}

const unstoredOf = ({ holds }: Held): readonly Hold[] =>
  holds.filter(({ stored }) => stored === undefined);

/** Holds nothing and gives no permission until it leads. */
export function createHaltGuard(ports: GuardPorts): HaltGuard {
  const held: Held = {
    holds: [],
    promised: undefined,
    storing: undefined,
    trying: false,
    stopped: false,
  };
  let hears: (() => boolean) | undefined;
  return {
    hold: (reason) => holdNow(ports, held, reason),
    unstored: () => unstoredOf(held).map(({ reason }) => reason),
    mode: guardedMode(ports, held),
    permission: {
      refusal: async () => {
        if (held.holds.length > 0) return HALTED;
        if (ports.unsettled?.() === true) return AWAY;
        return !held.stopped && hears?.() === true ? undefined : UNHEARD;
      },
    },
    lead: (until) => {
      hears = until;
      // Whoever led meanwhile may have had them lifted; what the store holds is asked for anyway.
      held.holds = unstoredOf(held);
    },
    follow: () => (hears = undefined),
    leads: () => hears !== undefined,
    stop: () => (held.stopped = true),
  };
}

async function holdNow(ports: GuardPorts, held: Held, reason: ModeReason): Promise<Outcome> {
  const hold: Hold = { reason, stored: undefined };
  held.holds = [...held.holds, hold];
  const why = await Promise.race([
    storeAll(ports, held).then(() => '', reasonOf),
    ports.pause(PATIENCE_MS).then(() => 'it does not answer'),
  ]);
  await shelve(ports, held);
  if (hold.stored !== undefined) return { kind: 'stored', state: hold.stored };
  held.promised = hold;
  void keepTrying(ports, held);
  return { kind: 'not stored yet', reason: why };
}

const shelve = async ({ shelf }: GuardPorts, held: Held): Promise<void> =>
  shelf?.keep(unstoredOf(held).map(({ reason }) => reason));

/** In the order in which they were given: each has its place in the journal, and the last one is the one that is shown. */
function storeAll(ports: GuardPorts, held: Held): Promise<void> {
  const store = async (): Promise<void> => {
    for (let next = unstoredOf(held)[0]; next !== undefined; next = unstoredOf(held)[0]) {
      next.stored = (await ports.mode.apply(asEvent(next.reason))).state;
    }
  };
  held.storing ??= store().finally(() => (held.storing = undefined));
  return held.storing;
}

/** Until all are stored, and the owner knows. */
async function keepTrying(ports: GuardPorts, held: Held): Promise<void> {
  if (held.trying) return;
  held.trying = true;
  while (!held.stopped && (unstoredOf(held).length > 0 || held.promised !== undefined)) {
    try {
      await storeAll(ports, held);
      await shelve(ports, held);
      const told = held.promised;
      if (told !== undefined) await ports.outbox.raise(rules.haltStored(told.reason.at));
      if (held.promised === told) held.promised = undefined;
    } catch (error) {
      ports.log.warn('a halt holds and is not stored yet', { reason: reasonOf(error) });
      await ports.pause(RETRY_MS);
    }
  }
  held.trying = false;
}

function guardedMode(ports: GuardPorts, held: Held): ModeStore {
  const { mode } = ports;
  return {
    initialise: mode.initialise,
    read: async () => {
      const waiting = unstoredOf(held).map(({ reason }) => reason);
      if (waiting.length === 0) return mode.read();
      return withHalts(await mode.read().catch(() => undefined), waiting);
    },
    apply: async (event, also) => {
      const lifts = held.holds;
      // What is judged by a person must have been stored, or it would be lifted without having been seen.
      if (event.kind === 'resume' && unstoredOf(held).length > 0) await storeAll(ports, held);
      const result = await mode.apply(event, also);
      const lifted = event.kind === 'resume' && result.state.mode === 'normal';
      // A halt that came while these were being lifted stays.
      if (lifted) held.holds = held.holds.filter((each) => !lifts.includes(each));
      return result;
    },
  };
}

/** The mode as it is with these halts, oldest first; undefined where nothing is known and nothing halted. */
export function withHalts(
  state: ModeState | undefined,
  halts: readonly ModeReason[],
): ModeState | undefined {
  const [first] = halts;
  if (first === undefined) return state;
  const before = state ?? { mode: 'halted', reasons: [], since: first.at };
  return halts.reduce((mode, reason) => transitionMode(mode, asEvent(reason)), before);
}

const asEvent = (reason: ModeReason) => ({ kind: 'tighten', to: 'halted', reason }) as const;
