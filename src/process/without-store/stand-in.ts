/**
 * Stands in for the store while it is away: the same use cases go on from the exchange and from what this process remembers. It only
 * ever tightens and closes; whatever opens or loosens is refused.
 */
import type { AccountStore } from '../../app/ports/account-store.ts';
import type { ModeStore } from '../../app/ports/mode-store.ts';
import type { Outbox } from '../../app/ports/outbox.ts';
import { AWAY } from '../../app/ports/permission.ts';
import type { Ports } from '../../app/ports/ports.ts';
import type { ProposalStore } from '../../app/ports/proposal-store.ts';
import type { Trading } from '../../app/ports/trading.ts';
import { withHalts } from '../../app/halt/halt-guard.ts';
import { logActions } from '../../app/account/log-actions.ts';
import type { FlattenRequest } from '../../app/ports/work.ts';
import { transitionProposal } from '../../domain/proposal.ts';
import { transitionMode, type ModeEvent, type ModeState } from '../../domain/trading-mode.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { Remembered } from './remembered.ts';

export interface StandIn {
  readonly ports: Ports;
  /** What tightened the mode meanwhile, oldest first; taken out. */
  takeTightenings(): readonly ModeEvent[];
}

interface Doors {
  readonly ports: Ports;
  readonly remembered: Remembered;
  readonly outbox: Outbox;
  /** Trading without a note in the store. */
  readonly trading: Trading | undefined;
  readonly flatten: (request: FlattenRequest) => Promise<void>;
}

const refuse = (): Promise<never> => Promise.reject(new Error(AWAY));

export function createStandIn(doors: Doors): StandIn {
  const { ports, remembered, outbox } = doors;
  const tightenings: ModeEvent[] = [];
  const actions: Ports['actions'] = {
    note: async (action) => void (remembered.actions = [...remembered.actions, action]),
    since: async (from) => remembered.actions.filter(({ at }) => at >= from),
  };
  const trading = closingOnly(doors, actions);
  const { trading: _stored, ...others } = ports;
  return {
    ports: {
      ...others,
      ...(trading === undefined ? {} : { trading }),
      outbox,
      actions,
      mode: modeOf(doors, tightenings),
      accounts: accountsOf(doors),
      proposals: proposalsOf(remembered),
      limitsStore: {
        ...ports.limitsStore,
        read: async () => remembered.limits ?? { values: {}, last: {}, pending: [] },
        save: refuse,
      },
      policies: { read: async () => remembered.policy, save: refuse },
      permission: { refusal: async () => AWAY },
      work: {
        execute: refuse,
        expire: refuse,
        protect: refuse,
        manage: refuse,
        flatten: doors.flatten,
        // It is read every few seconds as it is.
        refreshAccount: async () => undefined,
      },
    },
    takeTightenings: () => tightenings.splice(0),
  };
}

function closingOnly(
  { trading, ports }: Doors,
  actions: Ports['actions'],
): Ports['trading'] | undefined {
  if (trading === undefined) return undefined;
  const { clock, log } = ports;
  return {
    ...logActions(trading, { actions, clock, log }),
    placeEntry: refuse,
    setLeverage: refuse,
    placeProtection: refuse,
  };
}

function modeOf({ remembered, outbox, ports }: Doors, tightenings: ModeEvent[]): ModeStore {
  return {
    read: async () => withoutStore(ports, remembered.mode),
    initialise: refuse,
    apply: async (event, { tell } = {}) => {
      if (event.kind === 'resume') return refuse();
      const since = ports.clock.now();
      const before = remembered.mode ?? { mode: 'halted', reasons: [], since };
      const state = transitionMode(before, event);
      remembered.mode = state;
      tightenings.push(event);
      const { findings = [], revisions = [] } = tell?.(before, state) ?? {};
      // The message of the first reason may lie in the store: one more reason is told by itself.
      const more = revisions.flatMap(({ otherwise }) =>
        otherwise === undefined ? [] : [otherwise],
      );
      for (const finding of [...findings, ...more]) await outbox.raise(finding);
      return { state, changed: state.mode !== before.mode };
    },
  };
}

/** As it was, with the halts that the store has not taken; and nothing is opened without the store. */
function withoutStore(
  { clock, halts, storeAway }: Ports,
  known: ModeState | undefined,
): ModeState | undefined {
  const at = clock.now();
  const why = storeAway?.() ?? 'what was done without it is being written down';
  const reason = { trigger: 'store-away', evidence: `My memory (Redis) is away: ${why}.`, at };
  const paused = known && transitionMode(known, { kind: 'tighten', to: 'reduceOnly', reason });
  return withHalts(paused, halts?.unstored() ?? []);
}

function accountsOf({ remembered, outbox }: Doors): AccountStore {
  const listeners = new Set<() => void>();
  let failed = 0;
  const priceTimes = new Map<string, Timestamp>();
  return {
    commit: async ({ snapshot, riskState, findings }) => {
      failed = 0;
      remembered.snapshot = snapshot;
      remembered.riskState = riskState;
      for (const each of findings) await outbox.raise(each);
      for (const each of listeners) each();
    },
    snapshot: async () => remembered.snapshot,
    riskState: async () => remembered.riskState,
    reviseRiskState: async () => undefined,
    equity: async () => [],
    recordFailedRead: async () => (failed += 1),
    failedReads: async () => failed,
    priceTimes: async () => priceTimes,
    savePriceTimes: async (times) => {
      for (const [symbol, at] of times) priceTimes.set(symbol, at);
    },
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What becomes known of an entry that was sent before is remembered; none is made and none approved. */
function proposalsOf(remembered: Remembered): ProposalStore {
  const find: ProposalStore['byId'] = async (id) =>
    remembered.proposals.find((each) => each.id === id);
  return {
    create: refuse,
    byId: find,
    byNonce: async (nonce) => remembered.proposals.find((each) => each.nonce === nonce),
    apply: async (id, event) => {
      if (event.kind === 'approve') return refuse();
      const found = await find(id);
      const next = found && transitionProposal(found, event);
      if (next === undefined) return undefined;
      remembered.proposals = remembered.proposals.map((each) => (each.id === id ? next : each));
      return next;
    },
    recent: async (limit) => remembered.proposals.slice(0, limit),
    withStatus: async (status) => remembered.proposals.filter((each) => each.status === status),
    repair: async () => undefined,
  };
}
