import { describe, expect, it } from 'vitest';
import { price, qty, ratio, usd, type Qty } from '../../src/domain/money/money.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { correlatedSameSide, correlationOf } from '../../src/risk/portfolio/correlation.ts';
import { evaluateStop, type StopInput } from '../../src/risk/stop/emergency-stop.ts';
import { decideFlatten } from '../../src/risk/stop/flatten-policy.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import type { GateInput } from '../../src/risk/gate/gate-input.ts';
import {
  describeLimits,
  type RiskLimits,
  limitOf,
  type LimitId,
} from '../../src/risk/terms/limits.ts';
import { riskDayStart, updateRiskState } from '../../src/risk/state/risk-state.ts';
import {
  account,
  CALM,
  candidate,
  closed,
  DAY_START,
  gateInput,
  instrument,
  NORMAL,
  NOW,
  position,
  riskState,
  stopFor,
  TIERS,
  WIDEST,
} from './fixtures.ts';

/** One unit of the fixed point. */
const UNIT = ratio('0.000000000000000001');
const FINEST = qty('0.000000000000000001');

type Held = (limits: RiskLimits) => boolean;

/** A situation that lies exactly on one limit. */
interface Boundary<Id extends LimitId> {
  /** The value of the limit on which it lies, and the smallest step by which that can differ. */
  readonly on: RiskLimits[Id];
  readonly unit: RiskLimits[Id];
  readonly exactly: 'passes' | 'is held back';
  /** Limits that would come first otherwise, out of the way. */
  readonly others?: Partial<RiskLimits>;
  /** Everything that enforces the limit: true where it holds the situation back. */
  readonly by: Readonly<Record<string, Held>>;
}

const codes = (over: Partial<GateInput>, limits: RiskLimits): readonly string[] => {
  const verdict = checkEntry(gateInput({ ...over, limits }));
  return verdict.kind === 'approved' ? [] : verdict.refusals.map((each) => each.code);
};

const refusedAs =
  (code: string, over: Partial<GateInput>): Held =>
  (limits) =>
    codes(over, limits).includes(code);

/** Held back to less than this quantity, in steps as fine as can be. */
const under =
  (size: string, over: Partial<GateInput>): Held =>
  (limits) => {
    const rules = instrument({ step: FINEST, minQty: FINEST });
    const verdict = checkEntry(gateInput({ instrument: rules, ...over, limits }));
    const approved = verdict.kind === 'approved' ? verdict.entry.qty : (0n as Qty);
    return approved < qty(size);
  };

const CONDITIONS = new Set<string>();
const stopInput = (over: Partial<StopInput>): StopInput => ({
  state: riskState(),
  account: account(),
  positions: [],
  health: { accountReadAt: NOW, failedReads: 0, priceAt: new Map() },
  limits: WIDEST,
  mode: NORMAL,
  now: NOW,
  ...over,
});

const trips = (trigger: string, over: Partial<StopInput>): Held => {
  CONDITIONS.add(trigger);
  return (limits) =>
    evaluateStop(stopInput({ ...over, limits })).tightenings.some(
      (each) => each.reason.trigger === trigger,
    );
};

const FREE = { takerFee: ratio('0'), slippage: ratio('0') };
/** No money limit but the one in question. */
const WIDE = {
  ...FREE,
  riskPerTrade: ratio('1'),
  marginPerPosition: ratio('1'),
  maxHeat: ratio('1'),
  categoryHeatShare: ratio('1'),
  dailyLoss: ratio('1'),
  weeklyLoss: ratio('1'),
  drawdown: ratio('1'),
  maxJumpLoss: ratio('1'),
  smallestTrade: UNIT,
};
const { maxJumpLoss: _jump, ...WIDE_BUT_JUMP } = WIDE;
const equity = (text: string) => account({ available: usd(text) });

/** A loss of the week that is none of the day. */
const WEEK_AGO = riskState({
  dayStartEquity: usd('950'),
  week: [{ at: NOW - 7 * DAY, equity: usd('1000') }],
});

const two = ['A', 'B'].map((id) =>
  position({ id, symbol: `${id}USDT`, unrealisedPnl: usd('0.000001') }),
);
const holdingTwo = {
  positions: two,
  protections: two.map((each) => stopFor(each, '100')),
  correlatedSameSide: 0,
};

const much = position({ qty: qty('15') });
const holdingMuch = {
  positions: [much],
  protections: [stopFor(much, '98.5')],
  categories: new Map([['BTCUSDT', 'major']]),
  correlatedSameSide: 0,
};

const swing = (own: number) =>
  new Map(Array.from({ length: 100 }, (_, n) => [n, Math.sin(n) + own * Math.cos(n * 2.7)]));
const RETURNS = new Map([
  ['ETHUSDT', swing(0)],
  ['BTCUSDT', swing(0.7)],
]);
const CORRELATION = correlationOf(swing(0), swing(0.7))?.value ?? Number.NaN;

const RESTLESS = { now: 0.015, median: 0.005, hours: 720 };

/** Liquidation at 5x and this maintenance lies 8 under an entry of 100: exactly twice the stop distance. */
const LADDER = TIERS.map((tier) => ({ ...tier, maintenanceRate: ratio('0.12') }));
const AT_5X = { ...instrument(), minLeverage: 5 };

/** Every limit. Adding one to `RiskLimits` without its row here does not compile. */
const BOUNDARIES: { readonly [Id in LimitId]: Boundary<Id> } = {
  riskPerTrade: {
    on: ratio('0.015'),
    unit: UNIT,
    exactly: 'passes',
    others: WIDE,
    by: { gate: under('10', {}) },
  },
  maxLeverage: {
    on: 5,
    unit: 1,
    exactly: 'passes',
    by: {
      gate: (limits) => {
        const verdict = checkEntry(
          gateInput({ candidate: candidate({ atrFraction: 0.001 }), limits }),
        );
        return verdict.kind === 'refused' || verdict.entry.leverage < 5;
      },
    },
  },
  marginPerPosition: {
    on: ratio('0.2'),
    unit: UNIT,
    exactly: 'passes',
    others: WIDE,
    by: { gate: under('10', {}) },
  },
  minRewardRisk: {
    on: 2,
    // A ratio is made of 15 decimals of a limit.
    unit: 1e-15,
    exactly: 'passes',
    others: FREE,
    by: {
      gate: refusedAs('reward-risk-too-low', { candidate: candidate({ target: price('103') }) }),
      'claim of the signal': refusedAs('reward-risk-too-low', {
        candidate: candidate({ rewardRisk: 2 }),
      }),
    },
  },
  minScore: {
    on: 75,
    unit: 2 ** -46,
    exactly: 'passes',
    by: { gate: refusedAs('score-too-low', { candidate: candidate({ score: 75 }) }) },
  },
  maxPositions: {
    on: 3,
    unit: 1,
    exactly: 'passes',
    by: { gate: refusedAs('too-many-positions', holdingTwo) },
  },
  maxTradesPerDay: {
    on: 3,
    unit: 1,
    exactly: 'passes',
    by: { gate: refusedAs('too-many-trades', { state: riskState({ tradesToday: 2 }) }) },
  },
  maxHeat: {
    on: ratio('0.015'),
    unit: UNIT,
    exactly: 'passes',
    others: WIDE,
    by: { gate: under('10', {}) },
  },
  maxJumpLoss: {
    on: ratio('0.1'),
    unit: UNIT,
    exactly: 'passes',
    others: WIDE_BUT_JUMP,
    by: { gate: under('10', {}) },
  },
  jumpMove: {
    // A tenth of the price of ten at 100 is a tenth of equity.
    on: ratio('0.1'),
    unit: UNIT,
    exactly: 'passes',
    others: { ...WIDE_BUT_JUMP, maxJumpLoss: ratio('0.1') },
    by: { gate: under('10', {}) },
  },
  smallestTrade: {
    // The stop of what is open leaves the day 7.5, half of the 15 that are usual.
    on: ratio('0.5'),
    unit: UNIT,
    exactly: 'passes',
    others: { ...FREE, maxJumpLoss: ratio('1') },
    by: { gate: refusedAs('too-small', holdingMuch) },
  },
  maxCorrelated: {
    on: 2,
    unit: 1,
    exactly: 'passes',
    by: { gate: refusedAs('too-correlated', { ...holdingTwo, correlatedSameSide: 1 }) },
  },
  correlationThreshold: {
    on: CORRELATION,
    unit: 2 ** -53,
    exactly: 'is held back',
    by: {
      'count of coins that move together': (limits) =>
        correlatedSameSide(candidate(), { positions: [position()], returns: RETURNS }, limits) > 0,
    },
  },
  categoryHeatShare: {
    on: ratio('0.3'),
    unit: UNIT,
    exactly: 'passes',
    others: { ...WIDE, maxHeat: ratio('0.05') },
    by: { gate: under('10', {}) },
  },
  dailyLoss: {
    on: ratio('0.03'),
    unit: UNIT,
    exactly: 'is held back',
    by: {
      gate: refusedAs('daily-loss-reached', { account: equity('970') }),
      stop: trips('daily-loss', { account: equity('970') }),
    },
  },
  dayStartOffsetMs: {
    on: 5 * HOUR,
    unit: 1,
    exactly: 'passes',
    by: { 'the new day': (limits) => riskDayStart(DAY_START + 5 * HOUR, limits) < DAY_START },
  },
  weeklyLoss: {
    on: ratio('0.05'),
    unit: UNIT,
    exactly: 'is held back',
    by: {
      gate: refusedAs('weekly-loss-reached', { state: WEEK_AGO, account: equity('950') }),
      stop: trips('weekly-loss', { state: WEEK_AGO, account: equity('950') }),
    },
  },
  drawdown: {
    on: ratio('0.1'),
    unit: UNIT,
    exactly: 'is held back',
    others: { dailyLoss: ratio('0.9') },
    by: {
      gate: refusedAs('drawdown-reached', { account: equity('900') }),
      stop: trips('drawdown', { account: equity('900') }),
    },
  },
  lossStreak: {
    on: 5,
    unit: 1,
    exactly: 'is held back',
    by: {
      gate: refusedAs('loss-streak-reached', { state: riskState({ lossStreak: 5 }) }),
      stop: trips('loss-streak', { state: riskState({ lossStreak: 5 }) }),
      'the pause that begins': (limits) =>
        fifthLoss(NOW - MINUTE, limits).coolOffUntil !== undefined,
    },
  },
  lossStreakCoolOffMs: {
    on: DAY,
    unit: 1,
    exactly: 'passes',
    by: {
      gate: (limits) => codes({ state: fifthLoss(NOW - DAY, limits) }, limits).includes('cool-off'),
    },
  },
  balanceFloor: {
    on: ratio('0.5'),
    unit: UNIT,
    exactly: 'is held back',
    others: WIDE,
    by: {
      gate: refusedAs('equity-under-floor', { account: equity('500') }),
      stop: trips('balance-floor', { account: equity('500') }),
    },
  },
  symbolCoolDownMs: {
    on: 4 * HOUR,
    unit: 1,
    exactly: 'passes',
    by: {
      gate: refusedAs('symbol-cooling-down', {
        state: riskState({ lossCloses: { ETHUSDT: NOW - 4 * HOUR } }),
      }),
    },
  },
  accountMaxAgeMs: {
    on: MINUTE,
    unit: 1,
    exactly: 'is held back',
    by: {
      gate: refusedAs('account-stale', { account: account({ at: NOW - MINUTE }) }),
      stop: trips('account-unread', {
        health: { accountReadAt: NOW - MINUTE, failedReads: 0, priceAt: new Map() },
      }),
    },
  },
  priceMaxAgeMs: {
    on: 15_000,
    unit: 1,
    exactly: 'passes',
    by: {
      gate: refusedAs('price-stale', { mark: { price: price('100'), at: NOW - 15_000 } }),
      stop: trips('prices-old', {
        positions: [position()],
        health: {
          accountReadAt: NOW,
          failedReads: 0,
          priceAt: new Map([['BTCUSDT', NOW - 15_000]]),
        },
      }),
      'evidence for the flatten policy': (limits) => decided(NOW - 15_000, limits) !== 'flatten',
    },
  },
  maxFailedReads: {
    on: 5,
    unit: 1,
    exactly: 'is held back',
    by: {
      gate: refusedAs('reads-failing', { state: riskState({ failedReads: 5 }) }),
      stop: trips('failed-reads', {
        health: { accountReadAt: NOW, failedReads: 5, priceAt: new Map() },
      }),
    },
  },
  signalMaxAgeMs: {
    on: HOUR,
    unit: 1,
    exactly: 'passes',
    by: { gate: refusedAs('signal-too-old', { candidate: candidate({ signalAgeMs: HOUR }) }) },
  },
  minStop: {
    on: ratio('0.005'),
    unit: UNIT,
    exactly: 'passes',
    by: { gate: refusedAs('stop-too-close', { candidate: candidate({ stop: price('99.5') }) }) },
  },
  maxStop: {
    on: ratio('0.05'),
    unit: UNIT,
    exactly: 'passes',
    by: { gate: refusedAs('stop-too-far', { candidate: candidate({ stop: price('95') }) }) },
  },
  liquidationStopMultiple: {
    on: 2,
    // Three decimals of this limit count.
    unit: 0.001,
    exactly: 'is held back',
    by: {
      gate: refusedAs('liquidation-too-close', {
        candidate: candidate({ stop: price('96'), target: price('110') }),
        tiers: LADDER,
        instrument: AT_5X,
      }),
    },
  },
  volatilityMultiple: {
    on: 3,
    unit: 2 ** -51,
    exactly: 'passes',
    by: {
      gate: refusedAs('market-too-wild', { market: { ...CALM, btcAtr: RESTLESS } }),
      stop: trips('volatility', { market: { btcAtr: RESTLESS } }),
    },
  },
  maxMarginRatio: {
    on: ratio('0.5'),
    unit: UNIT,
    exactly: 'is held back',
    by: { stop: trips('margin-ratio', { market: { marginRatio: ratio('0.5') } }) },
  },
  takerFee: {
    // Risk 1.5 + 0.2 x 198.5 = 41.2; reward 153 - 0.2 x 353 = 82.4.
    on: ratio('0.2'),
    unit: UNIT,
    exactly: 'passes',
    by: {
      gate: refusedAs('reward-risk-too-low', { candidate: candidate({ target: price('253') }) }),
    },
  },
  slippage: {
    // One unit loses 1.5 + 0.0005 x 198.5 = 1.59925, so ten lose all of the risk that is allowed.
    on: ratio('0.0005'),
    unit: UNIT,
    exactly: 'passes',
    others: { ...WIDE, riskPerTrade: ratio('0.0159925') },
    by: { gate: under('10', {}) },
  },
};

function fifthLoss(closedAt: number, limits: RiskLimits) {
  const reading = {
    account: account(),
    positions: [],
    closed: [closed('fifth', '-1', { closedAt })],
    now: NOW,
  };
  return updateRiskState(riskState({ lossStreak: 4 }), reading, limits).state;
}

function decided(at: number, limits: RiskLimits): string {
  const evidence = (['account', 'positions'] as const).map((source) => ({
    source,
    trigger: 'daily-loss',
    breached: true,
    sentence: '',
    at,
  }));
  const policy = { signedBy: 7, signedAt: 0, triggers: ['daily-loss'], reach: 'all' } as const;
  const situation = { trigger: 'daily-loss', evidence, positions: [position()], now: NOW };
  return decideFlatten(policy, situation, limits).kind;
}

/** The limits with one moved by so many units towards its tighter side. */
function moved(id: LimitId, units: -1 | 0 | 1): RiskLimits {
  const { on, unit, others } = BOUNDARIES[id];
  // Neither side of the day's start is tighter: later holds the new day back.
  const towards = limitOf(id).tighter === 'lower' ? -units : units;
  const value =
    typeof on === 'bigint' ? on + BigInt(towards) * BigInt(unit) : on + towards * Number(unit);
  return { ...WIDEST, ...others, [id]: value };
}

const ROWS = describeLimits(WIDEST).flatMap(({ id, label }) =>
  Object.entries(BOUNDARIES[id].by).map(([where, held]) => ({ id, label, where, held })),
);

describe('every limit at its boundary, one unit to either side', () => {
  it.each(ROWS)('$label, by $where: one unit looser passes', ({ id, held }) => {
    expect(held(moved(id, -1))).toBe(false);
  });

  it.each(ROWS)('$label, by $where: exactly on it', ({ id, held }) => {
    expect(held(moved(id, 0))).toBe(BOUNDARIES[id].exactly === 'is held back');
  });

  it.each(ROWS)('$label, by $where: one unit tighter is held back', ({ id, held }) => {
    expect(held(moved(id, 1))).toBe(true);
  });

  it('has every condition of the emergency stop among them', () => {
    const known = evaluateStop(stopInput({ market: CALM })).readings.map((each) => each.id);
    expect([...CONDITIONS].toSorted()).toEqual(known.toSorted());
  });
});
