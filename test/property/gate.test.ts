import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equityOf } from '../../src/domain/account.ts';
import {
  notionalOf,
  price,
  qty,
  scaleBy,
  sub,
  usd,
  type Qty,
  type Ratio,
  type Usd,
} from '../../src/domain/money.ts';
import { check } from '../../src/risk/gate.ts';
import type { GateInput } from '../../src/risk/gate-input.ts';
import { heatOf } from '../../src/risk/heat.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import {
  account,
  gateInput,
  instrument,
  NOW,
  position,
  riskState,
  stopFor,
  TIERS,
} from '../risk/fixtures.ts';
import { anyCandidate } from './arbitraries.ts';

const cents = (from: number, to: number): fc.Arbitrary<Usd> =>
  fc.integer({ min: from * 100, max: to * 100 }).map((value) => usd((value / 100).toFixed(2)));

/** The first value two times of three, else any of the rest. */
const mostly = <T>(first: T, ...rest: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(first) },
    { weight: 1, arbitrary: fc.constantFrom(...rest) },
  );

const anyHeld = fc.record({
  side: fc.constantFrom('long' as const, 'short' as const),
  size: fc.integer({ min: 1, max: 20 }),
  away: fc.integer({ min: 1, max: 8 }),
  stopped: mostly(true, false),
  pnl: cents(-20, 20),
});

/** Situations around the limits: some approve, some refuse for one reason, few for many. */
const anyInput: fc.Arbitrary<GateInput> = fc
  .record({
    candidate: anyCandidate,
    available: cents(965, 1_060),
    dayStart: cents(960, 1_040),
    peak: cents(1_000, 1_080),
    held: fc.oneof(fc.array(anyHeld, { maxLength: 0 }), fc.array(anyHeld, { maxLength: 3 })),
    trades: fc.integer({ min: 0, max: 3 }).map((n) => n % 3),
    streak: mostly(0, 4, 5),
    correlated: mostly(0, 1, 2, undefined),
    rate: mostly(1, 40, 200),
  })
  .map(({ candidate, held, ...rest }) => {
    const positions = held.map((each, n) =>
      position({
        id: `h${n}`,
        symbol: `H${n}USDT`,
        side: each.side,
        qty: qty((each.size / 10).toFixed(1)),
        unrealisedPnl: each.pnl,
        liquidationPrice: price(each.side === 'long' ? '80' : '120'),
      }),
    );
    const protections = positions.flatMap((each, n) => {
      const by = held[n];
      if (by === undefined || !by.stopped) return [];
      return [stopFor(each, String(each.side === 'long' ? 100 - by.away : 100 + by.away))];
    });
    const open = held.reduce((total, each) => total + each.pnl, 0n) as Usd;
    return gateInput({
      candidate,
      account: account({ available: rest.available, unrealisedPnl: open }),
      positions,
      protections,
      instrument: instrument({
        symbol: candidate.symbol,
        step: qty('0.001'),
        minQty: qty('0.001'),
      }),
      tiers: TIERS.map((tier) => ({
        ...tier,
        maintenanceRate: (tier.maintenanceRate * BigInt(rest.rate)) as Ratio,
      })),
      mark: { price: candidate.entry, at: NOW },
      state: riskState({
        dayStartEquity: rest.dayStart,
        peakEquity: rest.peak,
        tradesToday: rest.trades,
        lossStreak: rest.streak,
      }),
      categories: new Map([
        ['H0USDT', 'x'],
        ['H1USDT', 'y'],
        ['H2USDT', 'z'],
      ]),
      correlatedSameSide: rest.correlated,
    });
  });

/** Each limit made tighter by a share; the costs and the ages too. */
const TIGHTER: { readonly [Id in keyof RiskLimits]?: 'lower' | 'higher' } = {
  riskPerTrade: 'lower',
  maxLeverage: 'lower',
  marginPerPosition: 'lower',
  minRewardRisk: 'higher',
  minScore: 'higher',
  maxPositions: 'lower',
  maxTradesPerDay: 'lower',
  maxHeat: 'lower',
  maxCorrelated: 'lower',
  categoryHeatShare: 'lower',
  dailyLoss: 'lower',
  drawdown: 'lower',
  lossStreak: 'lower',
  balanceFloor: 'higher',
  symbolCoolDownMs: 'higher',
  accountMaxAgeMs: 'lower',
  priceMaxAgeMs: 'lower',
  maxFailedReads: 'lower',
  signalMaxAgeMs: 'lower',
  minStop: 'higher',
  maxStop: 'lower',
  liquidationStopMultiple: 'higher',
  takerFee: 'higher',
  slippage: 'higher',
};

function tighten(limits: RiskLimits, id: keyof RiskLimits, share: number): RiskLimits {
  const factor = TIGHTER[id] === 'lower' ? 1 - share : 1 + share * 3;
  const value = limits[id];
  if (typeof value === 'bigint') {
    return {
      ...limits,
      [id]: scaleBy(value, (BigInt(Math.round(factor * 1e6)) * 10n ** 12n) as Ratio, 'half-even'),
    };
  }
  const whole =
    Number.isInteger(value) && id !== 'minRewardRisk' && id !== 'liquidationStopMultiple';
  const next = value * factor;
  return {
    ...limits,
    [id]: whole ? Math.max(1, TIGHTER[id] === 'lower' ? Math.floor(next) : Math.ceil(next)) : next,
  };
}

const approvedQty = (input: GateInput): Qty => {
  const verdict = check(input);
  return verdict.kind === 'approved' ? verdict.entry.qty : (0n as Qty);
};

describe('the gate', () => {
  it.each(Object.keys(TIGHTER) as (keyof RiskLimits)[])(
    'approves nothing more when %s is tighter',
    (id) => {
      fc.assert(
        fc.property(anyInput, fc.double({ min: 0.01, max: 0.9, noNaN: true }), (input, share) => {
          const tighter = { ...input, limits: tighten(DEFAULT_LIMITS, id, share) };
          return approvedQty(tighter) <= approvedQty(input);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('approves often enough in these situations for the law to mean something', () => {
    const sample = fc.sample(anyInput, { numRuns: 1_000, seed: 5 });
    const approvals = sample.filter((each) => check(each).kind === 'approved').length;
    expect(approvals).toBeGreaterThan(200);
  });

  it('approves only what keeps every money limit, measured again from outside', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const verdict = check(input);
        if (verdict.kind === 'refused') return;
        const { plan } = verdict.entry;
        const { account: read, positions, protections, limits, instrument: rules } = input;
        if (read === undefined || positions === undefined || protections === undefined)
          throw new Error('approved blind');
        const equity = equityOf(read);
        const heat = heatOf(positions, protections, limits).total;
        expect(plan.risk <= scaleBy(equity, limits.riskPerTrade, 'up')).toBe(true);
        expect(plan.margin <= scaleBy(equity, limits.marginPerPosition, 'up')).toBe(true);
        expect(plan.margin + plan.fees <= read.available).toBe(true);
        expect(plan.leverage).toBeLessThanOrEqual(limits.maxLeverage);
        expect(heat + plan.risk <= scaleBy(equity, limits.maxHeat, 'up') + 10n).toBe(true);
        expect(plan.qty % (rules?.step ?? 1n)).toBe(0n);
        expect(plan.notional).toBe(notionalOf(input.candidate.entry, plan.qty, 'up'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses with at least one reason whenever an input is missing, whatever the rest says', () => {
    const keys = [
      'account',
      'positions',
      'protections',
      'openEntryOrders',
      'instrument',
      'tiers',
      'mark',
      'state',
      'mode',
    ] as const;
    fc.assert(
      fc.property(anyInput, fc.subarray([...keys], { minLength: 1 }), (input, missing) => {
        const blind = { ...input, ...Object.fromEntries(missing.map((key) => [key, undefined])) };
        const verdict = check(blind);
        expect(verdict.kind).toBe('refused');
        if (verdict.kind === 'refused')
          expect(verdict.refusals.length).toBeGreaterThanOrEqual(missing.length);
      }),
    );
  });

  it('refuses without throwing for broken prices, scores and balances', () => {
    const odd = fc.constantFrom(0n, -1n, 1n, 10n ** 18n, -(10n ** 24n), 10n ** 30n);
    const oddNumber = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e300);
    fc.assert(
      fc.property(
        anyInput,
        fc.tuple(odd, odd, odd, odd),
        fc.tuple(oddNumber, oddNumber),
        (input, [entry, stop, target, available], [score, atr]) => {
          const candidate = {
            ...input.candidate,
            entry: entry as typeof input.candidate.entry,
            stop: stop as typeof input.candidate.stop,
            target: target as typeof input.candidate.target,
            score,
            atrFraction: atr,
          };
          const read = account({ available: available as Usd });
          const verdict = check({ ...input, candidate, account: read });
          expect(verdict.kind === 'refused' ? verdict.refusals.length : 0).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('gives the same verdict for the same input', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(check(input)).toEqual(check(input));
      }),
    );
  });

  it('counts a loss of the day against a new trade, so that risk and loss together keep the limit', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const verdict = check(input);
        if (verdict.kind === 'refused' || input.state === undefined || input.account === undefined)
          return;
        const lost = sub(input.state.dayStartEquity, equityOf(input.account));
        const limit = scaleBy(input.state.dayStartEquity, input.limits.dailyLoss, 'up');
        expect(verdict.entry.plan.risk + lost <= limit).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
