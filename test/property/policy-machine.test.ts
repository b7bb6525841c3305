import { describe, expect, it } from 'vitest';
import { usd } from '../../src/domain/money/money.ts';
import {
  decideFlatten,
  EVIDENCE_SOURCES,
  type ConditionEvidence,
  type ConditionSource,
  type FlattenPolicy,
} from '../../src/risk/stop/flatten-policy.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { NOW, position } from '../risk/fixtures.ts';
import { explore, type Machine } from './explore.ts';

const TRIGGERS = ['daily-loss', 'drawdown'] as const;
type Trigger = (typeof TRIGGERS)[number];

interface World {
  readonly now: number;
  /** What the decision is given. */
  readonly policy: FlattenPolicy | undefined;
  /** What the owner wants at this moment. */
  readonly will: FlattenPolicy | undefined;
  readonly evidence: ReadonlyMap<string, ConditionEvidence>;
  readonly flattened: boolean;
  readonly broken: string;
}

type Event =
  | {
      readonly kind: 'sign';
      readonly triggers: readonly Trigger[];
      readonly reach: 'all' | 'losing';
    }
  | { readonly kind: 'revoke' | 'time passes' | 'the job runs' }
  | {
      readonly kind: 'reading';
      readonly source: ConditionSource;
      readonly trigger: Trigger;
      readonly breached: boolean;
    };

const EVENTS: readonly Event[] = [
  { kind: 'sign', triggers: ['daily-loss'], reach: 'all' },
  { kind: 'sign', triggers: ['drawdown'], reach: 'losing' },
  { kind: 'revoke' },
  { kind: 'time passes' },
  { kind: 'the job runs' },
  ...EVIDENCE_SOURCES.map(
    (source) => ({ kind: 'reading', source, trigger: 'daily-loss', breached: true }) as const,
  ),
  { kind: 'reading', source: 'account', trigger: 'daily-loss', breached: false },
  { kind: 'reading', source: 'account', trigger: 'drawdown', breached: true },
  { kind: 'reading', source: 'positions', trigger: 'drawdown', breached: true },
];

const POSITIONS = [
  position({ id: 'loser', unrealisedPnl: usd('-5') }),
  position({ id: 'winner', unrealisedPnl: usd('5') }),
];

interface Guards {
  readonly decide: typeof decideFlatten;
  readonly revokeCounts: boolean;
}

const SAFE: Guards = { decide: decideFlatten, revokeCounts: true };

/** The job asks about every condition, also those that the policy does not name. */
function run(world: World, { decide }: Guards): World {
  const evidence = [...world.evidence.values()];
  for (const trigger of TRIGGERS) {
    const situation = { trigger, evidence, positions: POSITIONS, now: world.now };
    const decision = decide(world.policy, situation, DEFAULT_LIMITS);
    if (decision.kind !== 'flatten') continue;
    const broken = faultOf(world, trigger, decision.positionIds);
    return { ...world, flattened: true, broken };
  }
  return world;
}

function faultOf({ will, evidence, now }: World, trigger: Trigger, ids: readonly string[]): string {
  if (will === undefined) return 'nothing is closed unsigned or revoked';
  if (!will.triggers.includes(trigger)) return 'nothing is closed for what is not covered';
  if (will.reach === 'losing' && ids.includes('winner'))
    return 'nothing beyond the reach is closed';
  const witnesses = [...evidence.values()].filter(
    (each) => each.trigger === trigger && each.breached,
  );
  if (witnesses.length < 2) return 'one source alone closes nothing';
  const fresh = witnesses.filter((each) => now - each.at <= DEFAULT_LIMITS.priceMaxAgeMs);
  return fresh.length < 2 ? 'old evidence closes nothing' : '';
}

const stepWith =
  (guards: Guards) =>
  (world: World, event: Event): World | undefined => {
    if (world.broken !== '') return undefined;
    switch (event.kind) {
      case 'sign': {
        const { triggers, reach } = event;
        const policy = { signedBy: 1, signedAt: world.now, triggers, reach };
        return { ...world, policy, will: policy };
      }
      case 'revoke':
        return {
          ...world,
          will: undefined,
          policy: guards.revokeCounts ? undefined : world.policy,
        };
      case 'time passes':
        return { ...world, now: world.now + DEFAULT_LIMITS.priceMaxAgeMs + 1 };
      case 'the job runs':
        return run(world, guards);
      case 'reading': {
        const { source, trigger, breached } = event;
        const evidence = new Map(world.evidence);
        const said = { source, trigger, breached, sentence: 'so it is', at: world.now };
        return { ...world, evidence: evidence.set(`${trigger} ${source}`, said) };
      }
    }
  };

const machine = (guards: Guards): Machine<World, Event> => ({
  initial: {
    now: NOW,
    policy: undefined,
    will: undefined,
    evidence: new Map(),
    flattened: false,
    broken: '',
  },
  events: EVENTS,
  step: stepWith(guards),
  key: (world) =>
    JSON.stringify([
      world.policy?.triggers,
      world.will?.triggers,
      [...world.evidence]
        .map(([key, each]) => [key, each.breached, Math.min(world.now - each.at, 1)].join(' '))
        .toSorted(),
      world.flattened,
      world.broken,
    ]),
  name: (event) => JSON.stringify(event),
});

/** More than it takes: the exploration ends by itself when nothing new is reached. */
const DEPTH = 30;
const AT_LEAST = 2_200;

describe(`closing by a signed policy, every sequence of up to ${DEPTH} events`, () => {
  it(`breaks no invariant in at least ${AT_LEAST} states`, () => {
    const found = explore(machine(SAFE), (world) => world.broken === '', DEPTH);
    expect(found.violation).toBeUndefined();
    expect(found.states).toBeGreaterThanOrEqual(AT_LEAST);
    expect(found.exhausted).toBe(true);
  });

  it('closes somewhere: signed, covered, and two fresh sources agree', () => {
    const found = explore(machine(SAFE), (world) => !world.flattened, DEPTH);
    expect(found.violation).toHaveLength(4);
  });

  const ANY: FlattenPolicy = { signedBy: 1, signedAt: NOW, triggers: TRIGGERS, reach: 'all' };
  it.each<[string, Partial<Guards>, string]>([
    [
      'a signature',
      { decide: (policy, ...rest) => decideFlatten(policy ?? ANY, ...rest) },
      'nothing is closed unsigned or revoked',
    ],
    ['a revocation', { revokeCounts: false }, 'nothing is closed unsigned or revoked'],
    [
      'the covered triggers',
      {
        decide: (policy, ...rest) =>
          decideFlatten(policy && { ...policy, triggers: TRIGGERS }, ...rest),
      },
      'nothing is closed for what is not covered',
    ],
    [
      'the reach',
      {
        decide: (policy, ...rest) => decideFlatten(policy && { ...policy, reach: 'all' }, ...rest),
      },
      'nothing beyond the reach is closed',
    ],
    [
      'the second source',
      {
        decide: (policy, situation, limits) => {
          const { evidence } = situation;
          const twice = evidence.flatMap((each) =>
            EVIDENCE_SOURCES.map((source) => ({ ...each, source })),
          );
          return decideFlatten(policy, { ...situation, evidence: twice }, limits);
        },
      },
      'one source alone closes nothing',
    ],
    [
      'the age of evidence',
      {
        decide: (policy, situation) =>
          decideFlatten(policy, situation, { priceMaxAgeMs: Number.POSITIVE_INFINITY }),
      },
      'old evidence closes nothing',
    ],
  ])('a decision that forgets %s is found out', (_guard, fault, invariant) => {
    const faulty = machine({ ...SAFE, ...fault });
    const found = explore(faulty, (world) => world.broken !== invariant, DEPTH);
    expect(found.violation).toBeDefined();
  });
});
