import { describe, expect, it } from 'vitest';
import type { TradingMode } from '../../src/domain/trading-mode.ts';
import {
  decideChange,
  LOOSENING_WAIT_MS,
  settleChange,
  type ChangeContext,
  type PendingChange,
} from '../../src/risk/terms/limits-change.ts';
import { DEFAULT_LIMITS, type RiskLimits, HARD_CEILINGS } from '../../src/risk/terms/limits.ts';
import { explore, type Machine } from './explore.ts';

type Id = 'maxPositions' | 'maxLeverage';

interface World {
  readonly now: number;
  readonly mode: TradingMode;
  readonly inDrawdown: boolean;
  readonly limits: RiskLimits;
  readonly pending: readonly PendingChange[];
  /** The last word of the owner on each limit, and when it was said. */
  readonly requests: { readonly [K in Id]?: { readonly to: number; readonly at: number } };
  readonly loosened: boolean;
  readonly broken: string;
}

type Event =
  | { readonly kind: 'ask'; readonly id: Id; readonly to: number }
  | { readonly kind: 'cancel'; readonly id: Id }
  | { readonly kind: 'settle' | 'almost 12 hours pass' | '1 ms passes' }
  | { readonly kind: 'mode'; readonly to: TradingMode }
  | { readonly kind: 'drawdown'; readonly to: boolean };

const EVENTS: readonly Event[] = [
  { kind: 'ask', id: 'maxLeverage', to: 3 },
  { kind: 'ask', id: 'maxLeverage', to: 5 },
  { kind: 'ask', id: 'maxLeverage', to: 6 },
  { kind: 'ask', id: 'maxPositions', to: 3 },
  { kind: 'cancel', id: 'maxLeverage' },
  { kind: 'settle' },
  { kind: 'almost 12 hours pass' },
  { kind: '1 ms passes' },
  { kind: 'mode', to: 'halted' },
  { kind: 'mode', to: 'reduceOnly' },
  { kind: 'mode', to: 'normal' },
  { kind: 'drawdown', to: true },
  { kind: 'drawdown', to: false },
];

interface Guards {
  readonly decide: typeof decideChange;
  readonly settle: typeof settleChange;
  /** A second request starts its own wait, and a tightening drops what waits. */
  readonly requestReplacesRequest: boolean;
  readonly cancelCounts: boolean;
}

const SAFE: Guards = {
  decide: decideChange,
  settle: settleChange,
  requestReplacesRequest: true,
  cancelCounts: true,
};

const START: World = {
  now: 0,
  mode: 'normal',
  inDrawdown: false,
  limits: { ...DEFAULT_LIMITS, maxPositions: 2, maxLeverage: 4 },
  pending: [],
  requests: {},
  loosened: false,
  broken: '',
};

const contextOf = ({ limits, mode, inDrawdown, now }: World): ChangeContext => ({
  limits,
  ceilings: HARD_CEILINGS,
  mode,
  inDrawdown,
  now,
});

/** The record as the store keeps it: one waiting change for each limit. */
function ask(world: World, guards: Guards, { id, to }: { id: Id; to: number }): World | undefined {
  const decision = guards.decide({ id, to, by: 1 }, contextOf(world));
  if (decision.kind === 'refused') return undefined;
  const others = guards.requestReplacesRequest
    ? world.pending.filter((each) => each.id !== id)
    : world.pending;
  const requests = { ...world.requests, [id]: { to, at: world.now } };
  if (decision.kind === 'waits')
    return { ...world, requests, pending: [...others, decision.change] };
  return judged(world, { ...world, requests, pending: others, limits: decision.limits });
}

function settle(world: World, guards: Guards): World | undefined {
  let after = world;
  for (const change of world.pending) {
    const settled = guards.settle(change, contextOf(after));
    if (settled.kind === 'waits') continue;
    const pending = after.pending.filter((each) => each !== change);
    const limits = settled.kind === 'applied' ? settled.limits : after.limits;
    after = judged(after, { ...after, pending, limits });
    if (after.broken !== '') return after;
  }
  return after === world ? undefined : after;
}

function judged(before: World, after: World): World {
  for (const id of ['maxPositions', 'maxLeverage'] as const) {
    if (after.limits[id] <= before.limits[id]) continue;
    return { ...after, loosened: true, broken: faultOf(after, id) };
  }
  return after;
}

function faultOf({ limits, mode, inDrawdown, now, requests }: World, id: Id): string {
  const ceiling = HARD_CEILINGS[id];
  if (ceiling !== undefined && limits[id] > ceiling) return 'no limit passes its ceiling';
  if (mode !== 'normal') return 'no loosening in a halt';
  if (inDrawdown) return 'no loosening in a drawdown';
  const request = requests[id];
  if (request?.to !== limits[id]) return 'nothing loosens that was taken back';
  return now < request.at + LOOSENING_WAIT_MS ? 'no loosening before its 12 hours' : '';
}

function cancel(world: World, guards: Guards, id: Id): World | undefined {
  if (world.pending.every((each) => each.id !== id)) return undefined;
  const { [id]: _taken, ...requests } = world.requests;
  const pending = guards.cancelCounts
    ? world.pending.filter((each) => each.id !== id)
    : world.pending;
  return { ...world, requests, pending };
}

const stepWith =
  (guards: Guards) =>
  (world: World, event: Event): World | undefined => {
    if (world.broken !== '') return undefined;
    switch (event.kind) {
      case 'ask':
        return ask(world, guards, event);
      case 'cancel':
        return cancel(world, guards, event.id);
      case 'settle':
        return settle(world, guards);
      case 'almost 12 hours pass':
        return { ...world, now: world.now + LOOSENING_WAIT_MS - 1 };
      case '1 ms passes':
        return { ...world, now: world.now + 1 };
      case 'mode':
        return { ...world, mode: event.to };
      case 'drawdown':
        return { ...world, inDrawdown: event.to };
    }
  };

const machine = (guards: Guards): Machine<World, Event> => ({
  initial: START,
  events: EVENTS,
  step: stepWith(guards),
  key: ({ now, limits, pending, requests, ...rest }) =>
    JSON.stringify([
      rest,
      limits.maxPositions,
      limits.maxLeverage,
      pending.map((each) => [each.id, each.to, Math.max(each.effectiveAt - now, 0)]),
      Object.entries(requests).map(([id, request]) => [
        id,
        request.to,
        Math.min(now - request.at, LOOSENING_WAIT_MS),
      ]),
    ]),
  name: (event) => JSON.stringify(event),
});

const DEPTH = 6;
const AT_LEAST = 1_100;

describe(`loosening limits, every sequence of up to ${DEPTH} events`, () => {
  it(`breaks no invariant in at least ${AT_LEAST} states`, () => {
    const found = explore(machine(SAFE), (world) => world.broken === '', DEPTH);
    expect(found.violation).toBeUndefined();
    expect(found.states).toBeGreaterThanOrEqual(AT_LEAST);
  });

  it('loosens somewhere: asked for, 12 hours waited, settled', () => {
    const found = explore(machine(SAFE), (world) => !world.loosened, DEPTH);
    expect(found.violation).toHaveLength(4);
  });

  const at = (now: number, context: ChangeContext): ChangeContext => ({ ...context, now });
  const anyTime: Guards['settle'] = (change, context) =>
    settleChange({ ...change, effectiveAt: context.now }, context);
  const calm = { mode: 'normal', inDrawdown: false } as const;

  it.each<[string, Partial<Guards>, string]>([
    ['the wait', { settle: anyTime }, 'no loosening before its 12 hours'],
    [
      'the last millisecond of the wait',
      { settle: (change, context) => settleChange(change, at(context.now + 1, context)) },
      'no loosening before its 12 hours',
    ],
    [
      'the mode at its time',
      { settle: (change, context) => settleChange(change, { ...context, mode: calm.mode }) },
      'no loosening in a halt',
    ],
    [
      'the drawdown at its time',
      { settle: (change, context) => settleChange(change, { ...context, inDrawdown: false }) },
      'no loosening in a drawdown',
    ],
    [
      'the ceilings',
      {
        decide: (request, context) => decideChange(request, { ...context, ceilings: {} }),
        settle: (change, context) => settleChange(change, { ...context, ceilings: {} }),
      },
      'no limit passes its ceiling',
    ],
    [
      'the second request',
      { requestReplacesRequest: false },
      'nothing loosens that was taken back',
    ],
    ['the cancel', { cancelCounts: false }, 'nothing loosens that was taken back'],
  ])('without the guard "%s" the explorer finds a break', (_guard, fault, invariant) => {
    const faulty = machine({ ...SAFE, ...fault });
    const found = explore(faulty, (world) => world.broken !== invariant, DEPTH);
    expect(found.violation).toBeDefined();
  });
});
