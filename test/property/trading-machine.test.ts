import { describe, expect, it } from 'vitest';
import { equityOf, type Account } from '../../src/domain/account.ts';
import { percent, price, qty, usd } from '../../src/domain/money/money.ts';
import { transitionProposal, type Proposal } from '../../src/domain/proposal.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { isTighter, transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import { evaluateStop } from '../../src/risk/stop/emergency-stop.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import {
  decideChange,
  LOOSENING_WAIT_MS,
  settleChange,
  type PendingChange,
} from '../../src/risk/terms/limits-change.ts';
import { DEFAULT_LIMITS, type RiskLimits, HARD_CEILINGS } from '../../src/risk/terms/limits.ts';
import { account, candidate, gateInput, NORMAL, NOW, riskState } from '../risk/fixtures.ts';
import { explore, type Machine } from './explore.ts';

/** What keeps an invariant. Each is removed in turn to show that its invariant is not idle. */
interface Guards {
  readonly gateSeesMode: boolean;
  readonly approvalIsUsedUp: boolean;
  readonly deadlineCounts: boolean;
  readonly looseningWaits: boolean;
  readonly ceilingHolds: boolean;
  readonly onlyPersonLoosens: boolean;
  readonly haltIsJudged: boolean;
}

const ALL: Guards = {
  gateSeesMode: true,
  approvalIsUsedUp: true,
  deadlineCounts: true,
  looseningWaits: true,
  ceilingHolds: true,
  onlyPersonLoosens: true,
  haltIsJudged: true,
};

interface World {
  readonly now: number;
  readonly mode: ModeState;
  readonly proposal: Proposal | undefined;
  readonly account: Account;
  readonly limits: RiskLimits;
  readonly pending: PendingChange | undefined;
  readonly entries: number;
  /** What must never become true. */
  readonly broken: string;
}

const EVENTS = [
  'signal',
  'approve',
  'send the entry',
  'the owner halts',
  'the owner resumes',
  'an account reading',
  'equity falls by 5 %',
  'ask for 3 positions',
  'ask for 6x leverage',
  'settle the change',
  '10 minutes pass',
  '6 hours pass',
] as const;
type Event = (typeof EVENTS)[number];

const START_LIMITS: RiskLimits = { ...DEFAULT_LIMITS, maxPositions: 2, maxLeverage: 4 };

const newProposal = (now: number): Proposal => ({
  id: 's1',
  nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
  signal: {
    id: 's1',
    symbol: 'ETHUSDT',
    side: 'long',
    entry: price('100'),
    stop: price('98.5'),
    target: price('104'),
    rewardRisk: 2.4,
    strategy: 'agreement',
    score: 80,
    criteria: [],
    atrFraction: 0.0075,
    turnover: 5_000_000,
    category: 'layer 1',
    candleClosedAt: now,
  },
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
  band: { low: price('99.5'), high: price('100.5') },
  status: 'pending',
  createdAt: now,
  deadline: now + 15 * MINUTE,
  card: 'card',
  clientId: 'v1',
});

const START: World = {
  now: NOW,
  mode: NORMAL,
  proposal: undefined,
  account: account(),
  limits: START_LIMITS,
  pending: undefined,
  entries: 0,
  broken: '',
};

const breaks = (world: World, what: string): World => ({ ...world, broken: what });

function send(world: World, guards: Guards): World | undefined {
  const { proposal } = world;
  if (proposal === undefined) return undefined;
  const plan = proposal.plan;
  const executing = transitionProposal(proposal, { kind: 'execute', plan, at: world.now });
  const again = !guards.approvalIsUsedUp && proposal.status === 'executing' ? proposal : undefined;
  const moved = executing ?? again;
  if (moved === undefined) return undefined;
  const fresh = { ...world.account, at: world.now };
  const verdict = checkEntry(
    gateInput({
      candidate: candidate(),
      account: fresh,
      state: riskState(),
      mode: guards.gateSeesMode ? world.mode : NORMAL,
      mark: { price: price('100'), at: world.now },
      limits: world.limits,
      now: world.now,
    }),
  );
  if (verdict.kind === 'refused') return undefined;
  const sent: World = { ...world, proposal: moved, entries: world.entries + 1 };
  if (world.mode.mode !== 'normal') return breaks(sent, 'no entry after an acknowledged halt');
  if (sent.entries > 1) return breaks(sent, 'no approval is used twice');
  return sent;
}

function approve(world: World, guards: Guards): World | undefined {
  if (world.proposal === undefined) return undefined;
  const at = guards.deadlineCounts ? world.now : Math.min(world.now, world.proposal.deadline);
  const approved = transitionProposal(world.proposal, { kind: 'approve', card: 'card', by: 1, at });
  if (approved === undefined) return undefined;
  const next = { ...world, proposal: approved };
  return world.now > approved.deadline ? breaks(next, 'no approval after its deadline') : next;
}

function read(world: World, guards: Guards): World {
  const report = evaluateStop({
    state: riskState(),
    account: { ...world.account, at: world.now },
    positions: [],
    health: { accountReadAt: world.now, failedReads: 0, priceAt: new Map() },
    limits: world.limits,
    mode: world.mode,
    now: world.now,
  });
  let { mode } = world;
  for (const event of guards.haltIsJudged ? report.tightenings : [])
    mode = transitionMode(mode, event);
  if (!guards.onlyPersonLoosens && report.tightenings.length === 0)
    mode = { ...NORMAL, since: world.now };
  const next = { ...world, mode };
  if (isTighter(world.mode.mode, mode.mode)) return breaks(next, 'only a person loosens the mode');
  const lost = equityOf(world.account) <= usd('970');
  return lost && mode.mode !== 'halted' ? breaks(next, 'a loss beyond the limit halts') : next;
}

function ask(
  world: World,
  guards: Guards,
  request: { readonly id: 'maxPositions' | 'maxLeverage'; readonly to: number },
): World | undefined {
  const ceilings = guards.ceilingHolds ? HARD_CEILINGS : {};
  const decision = decideChange(
    { ...request, by: 1 },
    { ...world, ceilings, mode: world.mode.mode, inDrawdown: false },
  );
  if (decision.kind !== 'waits') return undefined;
  const change = guards.looseningWaits
    ? decision.change
    : { ...decision.change, effectiveAt: world.now };
  return { ...world, pending: change };
}

function settle(world: World, guards: Guards): World | undefined {
  if (world.pending === undefined) return undefined;
  const ceilings = guards.ceilingHolds ? HARD_CEILINGS : {};
  const settled = settleChange(world.pending, {
    ...world,
    ceilings,
    mode: world.mode.mode,
    inDrawdown: false,
  });
  if (settled.kind === 'waits') return undefined;
  if (settled.kind === 'dropped') return { ...world, pending: undefined };
  const next: World = { ...world, limits: settled.limits, pending: undefined };
  if (world.mode.mode !== 'normal') return breaks(next, 'no loosening in a halt');
  if (settled.limits.maxLeverage > 5) return breaks(next, 'no limit passes its ceiling');
  const early = world.now < world.pending.askedAt + LOOSENING_WAIT_MS;
  return early ? breaks(next, 'no loosening before its time') : next;
}

function stepWith(guards: Guards): (world: World, event: Event) => World | undefined {
  return (world, event) => {
    if (world.broken !== '') return undefined;
    switch (event) {
      case 'signal':
        return world.proposal === undefined
          ? { ...world, proposal: newProposal(world.now) }
          : undefined;
      case 'approve':
        return approve(world, guards);
      case 'send the entry':
        return send(world, guards);
      case 'the owner halts': {
        const reason = { trigger: 'owner', evidence: 'You asked for it.', at: world.now };
        return {
          ...world,
          mode: transitionMode(world.mode, { kind: 'tighten', to: 'halted', reason }),
        };
      }
      case 'the owner resumes':
        return {
          ...world,
          mode: transitionMode(world.mode, {
            kind: 'resume',
            at: world.now,
            by: 1,
            judged: world.mode.reasons,
          }),
        };
      case 'an account reading':
        return read(world, guards);
      case 'equity falls by 5 %':
        return { ...world, account: account({ available: usd('950') }) };
      case 'ask for 3 positions':
        return ask(world, guards, { id: 'maxPositions', to: 3 });
      case 'ask for 6x leverage':
        return ask(world, guards, { id: 'maxLeverage', to: 6 });
      case 'settle the change':
        return settle(world, guards);
      case '10 minutes pass':
        return { ...world, now: world.now + 10 * MINUTE };
      case '6 hours pass':
        return { ...world, now: world.now + 6 * HOUR };
    }
  };
}

const keyOf = ({
  now,
  mode,
  proposal,
  account: read_,
  limits,
  pending,
  entries,
  broken,
}: World): string =>
  JSON.stringify([
    now,
    mode.mode,
    mode.reasons.map((each) => each.trigger),
    proposal?.status,
    proposal?.deadline,
    String(read_.available),
    limits.maxPositions,
    limits.maxLeverage,
    pending?.id,
    pending?.effectiveAt,
    entries,
    broken,
  ]);

const machine = (guards: Guards): Machine<World, Event> => ({
  initial: START,
  events: EVENTS,
  step: stepWith(guards),
  key: keyOf,
  name: (event) => event,
});

const DEPTH = 7;
const AT_LEAST = 4_900;

describe(`trading, approvals and limits, every sequence of up to ${DEPTH} events`, () => {
  it(`breaks no invariant in at least ${AT_LEAST} states`, () => {
    const found = explore(machine(ALL), (world) => world.broken === '', DEPTH);
    expect(found.violation).toBeUndefined();
    expect(found.states).toBeGreaterThanOrEqual(AT_LEAST);
  });

  it.each([
    ['gateSeesMode', 'no entry after an acknowledged halt'],
    ['approvalIsUsedUp', 'no approval is used twice'],
    ['deadlineCounts', 'no approval after its deadline'],
    ['looseningWaits', 'no loosening before its time'],
    ['ceilingHolds', 'no limit passes its ceiling'],
    ['onlyPersonLoosens', 'only a person loosens the mode'],
    ['haltIsJudged', 'a loss beyond the limit halts'],
  ] as const)('without the guard "%s" the explorer finds a break of "%s"', (guard, invariant) => {
    const found = explore(
      machine({ ...ALL, [guard]: false }),
      (world) => world.broken !== invariant,
      DEPTH,
    );
    expect(found.violation).toBeDefined();
  });
});
