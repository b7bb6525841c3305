import { describe, expect, it } from 'vitest';
import { price, percent, qty, usd } from '../../src/domain/money/money.ts';
import { transitionProposal, type Proposal } from '../../src/domain/proposal.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { candidate, gateInput, NORMAL, NOW } from '../risk/fixtures.ts';
import { explore, type Machine } from './explore.ts';

/** One delivery of the execute job: it reads, judges, marks, looks at the mode and sends. A crash forgets where it was. */
type Delivery = 'waiting' | 'judged' | 'marked';

interface World {
  readonly now: number;
  readonly mode: ModeState;
  readonly proposal: Proposal;
  readonly deliveries: readonly [Delivery, Delivery];
  readonly entries: number;
  /** The status in which it once ended without an order. */
  readonly ended: string | undefined;
  readonly approvedAt: number | undefined;
  readonly broken: string;
}

const EVENTS = [
  'the owner approves',
  'the owner rejects',
  'a newer signal supersedes it',
  'the expiry job runs',
  'the deadline passes',
  'the owner halts',
  'the owner resumes',
  'job A reads and judges',
  'job A marks it as being sent',
  'job A sends',
  'job A crashes',
  'job B reads and judges',
  'job B marks it as being sent',
  'job B sends',
  'job B crashes',
  'the order is looked up',
] as const;
type Event = (typeof EVENTS)[number];

interface Guards {
  readonly transition: typeof transitionProposal;
  /** The job goes on only with an approved proposal. */
  readonly takesApprovedOnly: boolean;
  readonly looksUpWhatMayBeSent: boolean;
  readonly looksAtModeLast: boolean;
}

const SAFE: Guards = {
  transition: transitionProposal,
  takesApprovedOnly: true,
  looksUpWhatMayBeSent: true,
  looksAtModeLast: true,
};

const { plan, signal, ...REST } = {
  plan: {
    entry: price('100'),
    qty: qty('1'),
    notional: usd('100'),
    margin: usd('25'),
    leverage: 4,
    risk: usd('1.7'),
    riskFraction: percent('0.17'),
    fees: usd('0.12'),
    boundBy: 'risk per trade',
  },
  signal: {
    ...candidate(),
    id: 's1',
    strategy: 'agreement',
    rewardRisk: 2.4,
    criteria: [],
    turnover: 5_000_000,
    candleClosedAt: NOW,
  },
  band: { low: price('99.5'), high: price('100.5') },
};

const START: World = {
  now: NOW,
  mode: NORMAL,
  proposal: {
    ...REST,
    id: 's1',
    nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
    signal,
    plan,
    status: 'pending',
    createdAt: NOW,
    deadline: NOW + 15 * MINUTE,
    card: 'card',
    clientId: 'v1',
  },
  deliveries: ['waiting', 'waiting'],
  entries: 0,
  ended: undefined,
  approvedAt: undefined,
  broken: '',
};

const OPEN_TO_ENTRIES = new Map(
  (['normal', 'halted'] as const).map((mode) => {
    const verdict = checkEntry(gateInput({ mode: { ...NORMAL, mode } }));
    return [mode as string, verdict.kind === 'approved'];
  }),
);

const ENDS: readonly string[] = ['expired', 'rejected', 'superseded'];

/** What the store does: the next proposal where the event is possible, nothing otherwise. */
function apply(world: World, guards: Guards, event: Parameters<typeof transitionProposal>[1]) {
  const proposal = guards.transition(world.proposal, event);
  if (proposal === undefined) return undefined;
  const ended = ENDS.includes(proposal.status) ? proposal.status : world.ended;
  return { ...world, proposal, ended };
}

const moved = (world: World, which: 0 | 1, to: Delivery): World => ({
  ...world,
  deliveries: which === 0 ? [to, world.deliveries[1]] : [world.deliveries[0], to],
});

function deliver(world: World, guards: Guards, job: 0 | 1): World | undefined {
  const { status } = world.proposal;
  if (world.deliveries[job] !== 'waiting') return undefined;
  if (status === 'executing') return guards.looksUpWhatMayBeSent ? undefined : send(world, job);
  if (guards.takesApprovedOnly && status !== 'approved') return undefined;
  return OPEN_TO_ENTRIES.get(world.mode.mode) === true ? moved(world, job, 'judged') : undefined;
}

function mark(world: World, guards: Guards, job: 0 | 1): World | undefined {
  if (world.deliveries[job] !== 'judged') return undefined;
  const marked = apply(world, guards, { kind: 'execute', plan, at: world.now });
  return marked === undefined ? moved(world, job, 'waiting') : moved(marked, job, 'marked');
}

function lookAndSend(world: World, guards: Guards, job: 0 | 1): World | undefined {
  if (world.deliveries[job] !== 'marked') return undefined;
  if (!guards.looksAtModeLast || world.mode.mode === 'normal') return send(world, job);
  const refused = apply(world, guards, { kind: 'refuse', outcome: 'halted' });
  return moved(refused ?? world, job, 'waiting');
}

function send(world: World, job: 0 | 1): World {
  const sent = moved({ ...world, entries: world.entries + 1 }, job, 'waiting');
  const broken =
    (world.mode.mode !== 'normal' && 'no entry after an acknowledged halt') ||
    (world.ended !== undefined && 'what has ended never executes') ||
    (world.approvedAt === undefined && 'nothing executes without an approval') ||
    (sent.entries > 1 && 'an approval executes at most once') ||
    '';
  return { ...sent, broken };
}

function approve(world: World, guards: Guards): World | undefined {
  const approved = apply(world, guards, { kind: 'approve', card: 'card', by: 1, at: world.now });
  if (approved === undefined) return undefined;
  const late = world.now > world.proposal.deadline;
  const broken = late ? 'no approval after the deadline' : '';
  return { ...approved, approvedAt: world.now, broken };
}

function lookUp(world: World, guards: Guards): World | undefined {
  if (world.deliveries.includes('marked')) return undefined;
  if (world.entries > 0) return apply(world, guards, { kind: 'done', outcome: '', orderId: 'o' });
  const lost = apply(world, guards, { kind: 'lose-track', outcome: 'not seen' });
  return lost ?? apply(world, guards, { kind: 'refuse', outcome: 'it never arrived' });
}

function jobStep(world: World, guards: Guards, event: Event): World | undefined {
  const job = event.startsWith('job A') ? 0 : 1;
  if (event.endsWith('judges')) return deliver(world, guards, job);
  if (event.endsWith('being sent')) return mark(world, guards, job);
  if (event.endsWith('sends')) return lookAndSend(world, guards, job);
  return world.deliveries[job] === 'waiting' ? undefined : moved(world, job, 'waiting');
}

const stepWith =
  (guards: Guards) =>
  (world: World, event: Event): World | undefined => {
    const { now } = world;
    if (world.broken !== '') return undefined;
    switch (event) {
      case 'the owner approves':
        return approve(world, guards);
      case 'the owner rejects':
        return apply(world, guards, { kind: 'reject', by: 1, at: now });
      case 'a newer signal supersedes it':
        return apply(world, guards, { kind: 'supersede', at: now });
      case 'the expiry job runs':
        return apply(world, guards, { kind: 'expire', at: now });
      case 'the deadline passes':
        return { ...world, now: world.proposal.deadline + 1 };
      case 'the owner halts': {
        const reason = { trigger: 'owner', evidence: 'You asked for it.', at: now };
        const halt = { kind: 'tighten', to: 'halted', reason } as const;
        return { ...world, mode: transitionMode(world.mode, halt) };
      }
      case 'the owner resumes':
        return {
          ...world,
          mode: transitionMode(world.mode, {
            kind: 'resume',
            at: now,
            by: 1,
            judged: world.mode.reasons,
          }),
        };
      case 'the order is looked up':
        return lookUp(world, guards);
      default:
        return jobStep(world, guards, event);
    }
  };

const machine = (guards: Guards): Machine<World, Event> => ({
  initial: START,
  events: EVENTS,
  step: stepWith(guards),
  key: ({ now, mode, proposal, deliveries, entries, ended, approvedAt, broken }) =>
    [now, mode.mode, proposal.status, ...deliveries, entries, ended, approvedAt, broken].join(),
  name: (event) => event,
});

/** It may go this way from every status, whatever the status is. */
const fromAnywhere =
  (kind: string, status: Proposal['status']): typeof transitionProposal =>
  (proposal, event) =>
    event.kind === kind ? { ...proposal, status } : transitionProposal(proposal, event);

/** More than it takes: the exploration ends by itself when nothing new is reached. */
const DEPTH = 30;
const AT_LEAST = 110;

describe(`a proposal whose job is delivered twice, every sequence of up to ${DEPTH} events`, () => {
  it(`breaks no invariant in at least ${AT_LEAST} states`, () => {
    const found = explore(machine(SAFE), (world) => world.broken === '', DEPTH);
    expect(found.violation).toBeUndefined();
    expect(found.states).toBeGreaterThanOrEqual(AT_LEAST);
    expect(found.exhausted).toBe(true);
  });

  it('executes somewhere', () => {
    const found = explore(machine(SAFE), (world) => world.entries === 0, DEPTH);
    expect(found.violation).toHaveLength(4);
  });

  const execute = fromAnywhere('execute', 'executing');
  it.each<[string, Partial<Guards>, string]>([
    ['an approval is used up', { transition: execute }, 'an approval executes at most once'],
    [
      'what may be sent is looked up first',
      { looksUpWhatMayBeSent: false },
      'an approval executes at most once',
    ],
    [
      'only the pending is approved',
      { transition: fromAnywhere('approve', 'approved') },
      'what has ended never executes',
    ],
    [
      'an approval ends the waiting for expiry',
      {
        transition: (proposal, event) =>
          event.kind === 'execute'
            ? execute(proposal, event)
            : fromAnywhere('expire', 'expired')(proposal, event),
      },
      'what has ended never executes',
    ],
    [
      'the approval itself',
      { transition: execute, takesApprovedOnly: false },
      'nothing executes without an approval',
    ],
    [
      'the deadline',
      {
        transition: (proposal, event) =>
          transitionProposal(proposal, event.kind === 'approve' ? { ...event, at: 0 } : event),
      },
      'no approval after the deadline',
    ],
    [
      'the last look at the mode',
      { looksAtModeLast: false },
      'no entry after an acknowledged halt',
    ],
  ])('without the guard "%s" the explorer finds a break', (_guard, fault, invariant) => {
    const faulty = machine({ ...SAFE, ...fault });
    const found = explore(faulty, (world) => world.broken !== invariant, DEPTH);
    expect(found.violation).toBeDefined();
  });
});
