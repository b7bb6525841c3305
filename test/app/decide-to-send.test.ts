import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideToSend,
  isTooLate,
  type SendContext,
} from '../../src/app/approval/decide-to-send.ts';
import { composeGateInput } from '../../src/app/approval/compose-gate-input.ts';
import type { Look } from '../../src/app/approval/judge-proposal.ts';
import { NO_ENTRIES } from '../../src/app/limits/limits-in-force.ts';
import type { Account } from '../../src/domain/account.ts';
import { price, qty, scaleBy, toNumber, usd, type Price } from '../../src/domain/money/money.ts';
import { checkEntry, type ApprovedEntry } from '../../src/risk/gate/gate.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { account, CALM, instrument, NORMAL, NOW, riskState, TIERS } from '../risk/fixtures.ts';

const BAND = { low: price('99.5'), high: price('100.5') };
const SPEED = 3;
const signal = {
  id: 's',
  symbol: 'ETHUSDT',
  side: 'long' as const,
  entry: price('100'),
  stop: price('98.5'),
  target: price('106'),
  rewardRisk: 2.6,
  strategy: 'agreement',
  score: 80,
  criteria: [],
  atrFraction: 0.0075,
  turnover: 1,
  category: 'layer 1',
  candleClosedAt: NOW,
};

function look(over: Partial<Look> = {}, mark: Price = price('100')): Look {
  const has: Account = account();
  return {
    signal,
    snapshot: { account: has, positions: [], protections: [], openOrders: [], at: NOW },
    instruments: [instrument()],
    tickers: [
      {
        symbol: 'ETHUSDT',
        mark,
        last: mark,
        open24h: mark,
        high24h: mark,
        low24h: mark,
        quoteVolume24h: usd('1'),
        at: NOW,
      },
    ],
    market: CALM,
    memory: { inFlight: [], limits: DEFAULT_LIMITS, state: riskState(), mode: NORMAL },
    tiers: TIERS,
    returns: new Map(),
    terms: { band: BAND },
    askedAt: { account: NOW, mark: NOW, memory: NOW },
    ...over,
  };
}

/** The verdict of the first look, at 100. */
function judged(): ApprovedEntry {
  const first = look();
  const verdict = checkEntry(composeGateInput(first, first, NOW));
  if (verdict.kind !== 'approved') throw new Error(JSON.stringify(verdict.refusals));
  return verdict.entry;
}

const context = (over: Partial<SendContext> = {}): SendContext => {
  const entry = judged();
  return {
    proposal: { decidedAt: NOW, createdAt: NOW - 1 },
    entry,
    leverage: entry.leverage,
    judgedBy: DEFAULT_LIMITS,
    speed: SPEED,
    ...over,
  };
};
const decide = (over: Partial<Look> = {}, at: { now?: number; mark?: Price } = {}) =>
  decideToSend(context(), look(over, at.mark), at.now ?? NOW);
const reasonsOf = (decision: ReturnType<typeof decideToSend>): string =>
  decision.kind === 'send' ? 'sent' : decision.reasons.join(' ');

describe('what is fresh and allowed', () => {
  it('is sent as it was judged, by the moment at which the oldest reading is too old', () => {
    const found = decide({ askedAt: { account: NOW - 2, mark: NOW - 1, memory: NOW } });
    if (found.kind !== 'send') throw new Error(reasonsOf(found));
    expect(found.entry.qty).toBe(judged().qty);
    expect(found.entry.positionMode).toBe('hedge');
    expect(found.sendBy).toBe(NOW - 2 + 2_000 * SPEED);
  });

  it('is not sent after the approval has ended, however fresh the readings are', () => {
    const sendBy = (sinceTap: number): number => {
      const proposal = { decidedAt: NOW - sinceTap, createdAt: NOW };
      const found = decideToSend(context({ proposal }), look(), NOW);
      if (found.kind !== 'send') throw new Error(reasonsOf(found));
      return found.sendBy - NOW;
    };
    expect(sendBy(58_000 * SPEED)).toBe(2_000 * SPEED);
    expect(sendBy(58_000 * SPEED + 1)).toBe(2_000 * SPEED - 1);
    expect(sendBy(60_000 * SPEED)).toBe(0);
  });
});

describe.each([
  ['account', true, 'account'],
  ['mark', false, 'price'],
  ['memory', false, 'trading mode'],
] as const)('the age of %s', (part, account, name) => {
  const asked = (at: number) => ({
    askedAt: { account: NOW, mark: NOW, memory: NOW, [part]: at },
  });

  it('may be 2 s of wall time and not a millisecond more: then it is read again', () => {
    expect(decide(asked(NOW - 2_000 * SPEED)).kind).toBe('send');
    const old = decide(asked(NOW - 2_000 * SPEED - 1));
    expect(old).toMatchObject({ kind: 'read again', account });
    expect(reasonsOf(old)).toContain(`The ${name} could not be read fast enough`);
    expect(old).toHaveProperty('reasons.length', 1);
  });

  it('is none when it was asked for in the future', () => {
    expect(decide(asked(NOW + 1)).kind).toBe('read again');
  });
});

describe('several readings that are too old', () => {
  it.each([
    ['account and price', { account: 0, mark: 0, memory: NOW }, true, 2],
    ['price and trading mode', { account: NOW, mark: 0, memory: 0 }, false, 2],
    ['all of them', { account: 0, mark: 0, memory: 0 }, true, 3],
  ])(
    '%s: each is said, and the account is read again where it is one',
    (_, askedAt, account, n) => {
      const found = decide({ askedAt });
      expect(found).toMatchObject({ kind: 'read again', account });
      expect(found).toHaveProperty('reasons.length', n);
    },
  );
});

describe('a price that has moved since the verdict', () => {
  it.each([
    ['at the lower end of the band', '99.5', 'send'],
    ['one tick below it', '99.49', 'price has moved'],
    ['at the upper end of the band', '100.5', 'send'],
    ['one tick above it', '100.51', 'price has moved'],
  ])('%s', (_where, mark, expected) => {
    const found = decide({}, { mark: price(mark) });
    if (expected === 'send') expect(reasonsOf(found)).toBe('sent');
    else expect(reasonsOf(found)).toContain(expected);
  });

  it('never makes the order larger nor its risk more than the limit, and the size shrinks where it must', () => {
    const approved = judged().qty;
    const most = scaleBy(usd('1000'), DEFAULT_LIMITS.riskPerTrade, 'down');
    fc.assert(
      fc.property(fc.integer({ min: 9_950, max: 10_050 }), (cents) => {
        const found = decide({}, { mark: price(String(cents / 100)) });
        if (found.kind !== 'send') return;
        expect(found.entry.qty <= approved).toBe(true);
        expect(found.entry.plan.risk <= most).toBe(true);
      }),
    );
    const dearer = decide({}, { mark: price('100.5') });
    expect(dearer.kind === 'send' && dearer.entry.qty < approved).toBe(true);
  });

  it('is judged with what the day has left by then', () => {
    const state = riskState({ dayStartEquity: usd('1025') });
    const found = decide({ memory: { ...look().memory, state } });
    if (found.kind !== 'send') throw new Error(reasonsOf(found));
    expect(toNumber(found.entry.plan.risk)).toBeLessThanOrEqual(5.75);
  });
});

describe('what speaks against an order', () => {
  const memory = look().memory;
  it.each([
    ['a halt', { memory: { ...memory, mode: { ...NORMAL, mode: 'halted' as const } } }, 'halted'],
    [
      'a hold',
      { memory: { ...memory, mode: { ...NORMAL, mode: 'reduceOnly' as const } } },
      'halted',
    ],
    ['a mode that is gone', { memory: { ...memory, mode: undefined } }, 'was lost'],
    ['a state that is gone', { memory: { ...memory, state: undefined } }, 'was lost'],
    ['orders on their way that are gone', { memory: { ...memory, inFlight: undefined } }, 'lost'],
    [
      'a limit that is tighter',
      { memory: { ...memory, limits: { ...DEFAULT_LIMITS, minScore: 76 } } },
      'A limit was changed',
    ],
    ['a permission that is withheld', { withheld: 'You have halted trading.' }, 'You have halted'],
    ['an account that cannot be read', { snapshot: undefined }, 'the account could not be read'],
    ['a price that cannot be read', { tickers: undefined }, 'the mark price could not be read'],
  ])('%s', (_what, over, reason) => {
    const found = decide(over);
    expect(found.kind).toBe('refuse');
    expect(reasonsOf(found)).toContain(reason);
  });

  it('are limits that could not be read, also where they could not be read before either', () => {
    const lost = look({ memory: { ...memory, limits: NO_ENTRIES } });
    const found = decideToSend(context({ judgedBy: NO_ENTRIES }), lost, NOW);
    expect(reasonsOf(found)).toBe('What Vigil remembers was lost a moment ago.');
  });

  it('is heard whatever else is too old', () => {
    const halted = { memory: { ...memory, mode: { ...NORMAL, mode: 'halted' as const } } };
    const askedAt = { account: 0, mark: 0, memory: 0 };
    expect(decide({ ...halted, askedAt }).kind).toBe('refuse');
  });

  it('is a position mode that nobody knows', () => {
    const snapshot = look().snapshot;
    const odd = account({ positionMode: 'unknown' });
    const found = decide({ snapshot: snapshot && { ...snapshot, account: odd } });
    expect(reasonsOf(found)).toContain('position mode');
  });
});

describe('the leverage that is set', () => {
  const at = (leverage: number) => decideToSend(context({ leverage }), look(), NOW);

  it('is what the order is sized with', () => {
    const found = at(1);
    expect(found.kind === 'send' && found.entry.leverage).toBe(1);
    expect(found.kind === 'send' && found.entry.qty < judged().qty).toBe(true);
    expect(found.kind === 'send' && found.entry.plan.margin <= usd('200')).toBe(true);
  });

  it('refuses one step above what fits', () => {
    const fits = judged().leverage;
    expect(reasonsOf(at(fits))).toBe('sent');
    expect(reasonsOf(at(fits + 1))).toBe(
      `The exchange has ${fits + 1}x set; ${fits}x at most fits the volatility and your limits.`,
    );
  });
});

describe('an approval', () => {
  const late = (now: number, decidedAt?: number): boolean =>
    isTooLate(
      { createdAt: NOW, ...(decidedAt === undefined ? {} : { decidedAt }) },
      { now, speed: SPEED },
    );

  it('counts for 60 s of wall time after the tap and not a millisecond longer', () => {
    expect(late(NOW + 5 + 60_000 * SPEED, NOW + 5)).toBe(false);
    expect(late(NOW + 5 + 60_000 * SPEED + 1, NOW + 5)).toBe(true);
    expect(late(NOW + 60_000 * SPEED + 1)).toBe(true);
  });

  it('that has ended is refused with the reason', () => {
    const proposal = { decidedAt: NOW - 60_000 * SPEED - 1, createdAt: NOW };
    expect(decideToSend(context({ proposal }), look(), NOW)).toEqual({
      kind: 'refuse',
      reasons: ['Too late: an approval counts for 60 s after your tap.'],
    });
  });

  it('is for no more than it showed', () => {
    const entry = { ...judged(), qty: qty('0.5') };
    const found = decideToSend(context({ entry }), look(), NOW);
    expect(found.kind === 'send' && found.entry.qty).toBe(qty('0.5'));
  });
});
