import { describe, expect, it } from 'vitest';
import { price, qty, ratio, usd } from '../../src/domain/money/money.ts';
import {
  transitionProposal,
  type Proposal,
  type ProposalEvent,
  type ProposalStatus,
  type TradePlan,
} from '../../src/domain/proposal.ts';

const DEADLINE = 1_000_000;

const plan: TradePlan = {
  entry: price('100'),
  qty: qty('1'),
  notional: usd('100'),
  margin: usd('20'),
  leverage: 5,
  risk: usd('1.6'),
  riskFraction: ratio('0.0016'),
  fees: usd('0.12'),
  boundBy: 'risk per trade',
};

const proposal = (status: ProposalStatus): Proposal => ({
  id: 'ETHUSDT-long-1',
  nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
  signal: {
    id: 'ETHUSDT-long-1',
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
    candleClosedAt: 0,
  },
  plan,
  band: { low: price('99.5'), high: price('100.5') },
  status,
  createdAt: 0,
  deadline: DEADLINE,
  card: 'card',
  clientId: 'v1',
});

const EVENTS: Record<ProposalEvent['kind'], ProposalEvent> = {
  offer: { kind: 'offer', plan, card: 'card' },
  approve: { kind: 'approve', card: 'card', by: 7, at: DEADLINE },
  reject: { kind: 'reject', by: 7, at: DEADLINE },
  expire: { kind: 'expire', at: DEADLINE },
  supersede: { kind: 'supersede', at: DEADLINE },
  execute: { kind: 'execute', plan, at: DEADLINE },
  done: { kind: 'done', outcome: 'filled', orderId: 'o1' },
  refuse: { kind: 'refuse', outcome: 'no margin' },
  'lose-track': { kind: 'lose-track', outcome: 'no answer' },
};

/** The whole table: every status that an event leads to; everything that is not listed is impossible. */
const ALLOWED: Record<ProposalStatus, Partial<Record<ProposalEvent['kind'], ProposalStatus>>> = {
  pending: {
    offer: 'pending',
    approve: 'approved',
    reject: 'rejected',
    expire: 'expired',
    supersede: 'superseded',
  },
  approved: { execute: 'executing', refuse: 'refused' },
  executing: { done: 'done', refuse: 'refused', 'lose-track': 'unknown' },
  unknown: { done: 'done', refuse: 'refused' },
  rejected: {},
  expired: {},
  superseded: {},
  done: {},
  refused: {},
};

const STATUSES = Object.keys(ALLOWED) as ProposalStatus[];
const KINDS = Object.keys(EVENTS) as ProposalEvent['kind'][];
const PAIRS = STATUSES.flatMap((status) =>
  KINDS.map((kind) => ({ status, kind, to: ALLOWED[status][kind] })),
);

describe('every pair of status and event', () => {
  it.each(PAIRS)('$status + $kind -> $to', ({ status, kind, to }) => {
    expect(transitionProposal(proposal(status), EVENTS[kind])?.status).toBe(to);
  });
});

describe('carrying it out', () => {
  it('keeps the plan and the moment with which it may have been sent', () => {
    const sent = { ...plan, qty: qty('0.25') };
    const executing = transitionProposal(proposal('approved'), {
      kind: 'execute',
      plan: sent,
      at: 77,
    });
    expect(executing).toMatchObject({ status: 'executing', sentAt: 77 });
    expect(executing?.plan).toEqual(sent);
  });
});

describe('approval', () => {
  const approveAt = (at: number) =>
    transitionProposal(proposal('pending'), { kind: 'approve', card: 'card', by: 7, at });

  it('counts at the deadline and not a millisecond later', () => {
    expect(approveAt(DEADLINE)?.status).toBe('approved');
    expect(approveAt(DEADLINE + 1)).toBeUndefined();
  });

  it('is of the plan that was shown last', () => {
    const shown = { ...plan, qty: qty('0.5') };
    const offered = transitionProposal(proposal('pending'), {
      kind: 'offer',
      plan: shown,
      card: 'card',
    });
    expect(offered?.plan).toEqual(shown);
  });

  it('is of the newest card alone, and keeps what that card showed', () => {
    const plans = [plan, { ...plan, qty: qty('0.5') }] as const;
    const first = transitionProposal(proposal('pending'), {
      kind: 'offer',
      plan: plans[0],
      card: 'first',
    });
    const second =
      first && transitionProposal(first, { kind: 'offer', plan: plans[1], card: 'second' });
    if (second === undefined) throw new Error('it was not offered');
    const by = { kind: 'approve', by: 7, at: 5 } as const;
    expect(transitionProposal(second, { ...by, card: 'first' })).toBeUndefined();
    const approved = transitionProposal(second, { ...by, card: 'second' });
    expect(approved?.approvedQty).toBe(qty('0.5'));
    const { card: _none, ...before } = proposal('pending');
    expect(transitionProposal(before, { ...by, card: '' })).toBeUndefined();
  });

  it('names who decided and when', () => {
    expect(approveAt(5)).toMatchObject({ decidedBy: 7, decidedAt: 5 });
  });

  it('is used once: no sequence of up to five events reaches executing twice', () => {
    const explore = (state: Proposal, executions: number, depth: number): number => {
      if (depth === 0) return executions;
      return Math.max(
        executions,
        ...KINDS.map((kind) => {
          const next = transitionProposal(state, EVENTS[kind]);
          if (next === undefined) return executions;
          return explore(next, executions + (kind === 'execute' ? 1 : 0), depth - 1);
        }),
      );
    };
    expect(explore(proposal('pending'), 0, 5)).toBe(1);
  });
});
