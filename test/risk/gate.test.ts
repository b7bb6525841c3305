import { describe, expect, it } from 'vitest';
import { DAY } from '../../src/domain/time.ts';
import { price, qty, ratio, toText, usd } from '../../src/domain/money/money.ts';
import type { Candidate, InFlightEntry } from '../../src/risk/gate/gate-facts.ts';
import type { GateInput } from '../../src/risk/gate/gate-input.ts';
import { checkEntry, contextOf } from '../../src/risk/gate/gate.ts';
import { LIMIT_RULES } from '../../src/risk/limits/all.ts';
import {
  account,
  CALM,
  candidate,
  FREE_LIMITS,
  gateInput,
  instrument,
  NORMAL,
  NOW,
  order,
  position,
  riskState,
  stopFor,
  TIERS,
  WIDEST,
} from './fixtures.ts';

const UNIT = '0.000000000000000001';
const free = { limits: FREE_LIMITS };
const because = (mode: 'reduceOnly' | 'halted'): GateInput['mode'] => ({
  mode,
  since: NOW,
  reasons: [{ trigger: 'owner', evidence: 'You asked for it.', at: NOW }],
});
const wants = (over: Partial<Candidate>): Partial<GateInput> => ({ candidate: candidate(over) });

const codes = (over: Partial<GateInput>): string[] => {
  const verdict = checkEntry(gateInput(over));
  return verdict.kind === 'approved' ? [] : verdict.refusals.map((each) => each.code);
};

/** Its stop rests at entry or so, and the price is a hair before it. */
const safe = (id: string, over: Parameters<typeof position>[0] = {}) => {
  const held = position({
    id,
    symbol: `${id}USDT`,
    unrealisedPnl: usd('0.000001'),
    liquidationPrice: price(over.side === 'short' ? '119.5' : '80.5'),
    ...over,
  });
  return { held, stop: stopFor(held, held.side === 'long' ? '100' : '100.5') };
};

const holding = (...held: ReturnType<typeof safe>[]): Partial<GateInput> => ({
  positions: held.map((each) => each.held),
  protections: held.map((each) => each.stop),
  correlatedSameSide: 0,
});

/** Isolated, with neither stop nor liquidation price: its margin alone bounds what it can lose. */
const bare = (margin: string) => {
  const { liquidationPrice: _none, ...rest } = position({ qty: qty('0.01'), margin: usd(margin) });
  return rest;
};

const SENT: InFlightEntry = {
  symbol: 'SOLUSDT',
  side: 'long',
  category: 'layer 1',
  entry: price('100'),
  qty: qty('7.5'),
  risk: usd('15'),
  margin: usd('150'),
};

/** A quiet day a tenth under the high-water mark of 1000. */
/** 1000 a week ago, 950 when the day began. */
const WEEK_AGO = riskState({
  dayStartEquity: usd('950'),
  week: [{ at: NOW - 7 * DAY, equity: usd('1000') }],
});
const FALLEN = riskState({ dayStartEquity: usd('900') });

/** The last value that passes and the first that does not, one unit apart, for every yes-or-no limit. */
const BOUNDARIES: {
  limit: string;
  code: string;
  passes: Partial<GateInput>;
  refuses: Partial<GateInput>;
}[] = [
  {
    limit: 'account age',
    code: 'account-stale',
    passes: { account: account({ at: NOW - 59_999 }) },
    refuses: { account: account({ at: NOW - 60_000 }) },
  },
  {
    limit: 'account from the future',
    code: 'account-stale',
    passes: { account: account({ at: NOW + 5_000 }) },
    refuses: { account: account({ at: NOW + 5_001 }) },
  },
  {
    limit: 'price age',
    code: 'price-stale',
    passes: { mark: { price: price('100'), at: NOW - 15_000 } },
    refuses: { mark: { price: price('100'), at: NOW - 15_001 } },
  },
  {
    limit: 'mode reduceOnly',
    code: 'mode-reduce-only',
    passes: { mode: NORMAL },
    refuses: { mode: because('reduceOnly') },
  },
  {
    limit: 'mode halted',
    code: 'mode-halted',
    passes: { mode: NORMAL },
    refuses: { mode: because('halted') },
  },
  {
    limit: "the mode's cool-off",
    code: 'cool-off',
    passes: { mode: { ...NORMAL, coolOffUntil: NOW } },
    refuses: { mode: { ...NORMAL, coolOffUntil: NOW + 1 } },
  },
  {
    limit: "the streak's cool-off",
    code: 'cool-off',
    passes: { state: riskState({ coolOffUntil: NOW }) },
    refuses: { state: riskState({ coolOffUntil: NOW + 1 }) },
  },
  {
    limit: 'daily loss',
    code: 'daily-loss-reached',
    passes: {
      account: account({ available: usd(`970.${'0'.repeat(17)}1`) }),
      instrument: instrument({ minQty: qty(UNIT), step: qty(UNIT) }),
      ...wants({ stop: price('98.5') }),
    },
    refuses: { account: account({ available: usd('970') }) },
  },
  {
    limit: 'weekly loss',
    code: 'weekly-loss-reached',
    passes: { state: WEEK_AGO, account: account({ available: usd('950.000000000000000001') }) },
    refuses: { state: WEEK_AGO, account: account({ available: usd('950') }) },
  },
  {
    limit: 'drawdown',
    code: 'drawdown-reached',
    passes: { state: FALLEN, account: account({ available: usd('900.000000000000000001') }) },
    refuses: { state: FALLEN, account: account({ available: usd('900') }) },
  },
  {
    limit: 'losses in a row',
    code: 'loss-streak-reached',
    passes: { state: riskState({ lossStreak: 4 }) },
    refuses: { state: riskState({ lossStreak: 5 }) },
  },
  {
    limit: 'failed reads',
    code: 'reads-failing',
    passes: { state: riskState({ failedReads: 4 }) },
    refuses: { state: riskState({ failedReads: 5 }) },
  },
  {
    limit: 'position mode',
    code: 'position-mode-unknown',
    passes: { account: account({ positionMode: 'one-way' }) },
    refuses: { account: account({ positionMode: 'unknown' }) },
  },
  {
    limit: 'money in doubt',
    code: 'money-in-doubt',
    passes: { moneyInDoubt: false },
    refuses: { moneyInDoubt: true },
  },
  {
    limit: 'market volatility',
    code: 'market-too-wild',
    passes: { market: { ...CALM, btcAtr: { now: 0.015, median: 0.005, hours: 720 } } },
    refuses: { market: { ...CALM, btcAtr: { now: 0.015_000_1, median: 0.005, hours: 720 } } },
  },
  {
    limit: 'market volatility unknown',
    code: 'market-volatility-missing',
    passes: { market: CALM },
    refuses: { market: { marginRatio: ratio('0') } },
  },
  {
    limit: 'margin ratio',
    code: 'margin-ratio-reached',
    passes: { market: { ...CALM, marginRatio: ratio('0.499999999999999999') } },
    refuses: { market: { ...CALM, marginRatio: ratio('0.5') } },
  },
  {
    limit: 'margin ratio unknown',
    code: 'margin-ratio-missing',
    passes: { market: 'not judged' },
    refuses: { market: { btcAtr: { now: 0.004, median: 0.004, hours: 720 } } },
  },
  {
    // A position with a margin of 20: more than twice that and 1 % of the wallet is a contradiction.
    limit: 'margin in account and positions',
    code: 'readings-disagree',
    passes: {
      ...holding(safe('A')),
      account: account({ available: usd('950'), margin: usd('50') }),
    },
    refuses: {
      ...holding(safe('A')),
      account: account({
        available: usd('949.999999999999999999'),
        margin: usd('50.000000000000000001'),
      }),
    },
  },
  {
    limit: 'an empty list of positions',
    code: 'readings-disagree',
    passes: { account: account({ available: usd('990'), margin: usd('10') }) },
    refuses: {
      account: account({
        available: usd('989.999999999999999999'),
        margin: usd('10.000000000000000001'),
      }),
    },
  },
  {
    limit: 'open result in account and positions',
    code: 'readings-disagree',
    passes: { account: account({ unrealisedPnl: usd('10') }) },
    refuses: { account: account({ unrealisedPnl: usd('10.000000000000000001') }) },
  },
  {
    limit: 'each position once',
    code: 'readings-disagree',
    passes: holding(safe('A'), safe('B')),
    refuses: { ...holding(safe('A'), safe('A')), limits: { ...WIDEST, maxPositions: 9 } },
  },
  {
    limit: 'trades a day',
    code: 'too-many-trades',
    passes: { state: riskState({ tradesToday: 2 }) },
    refuses: { state: riskState({ tradesToday: 3 }) },
  },
  {
    limit: 'trades a day, with entry orders on the way',
    code: 'too-many-trades',
    passes: {
      state: riskState({ tradesToday: 1 }),
      openEntryOrders: [order()],
      correlatedSameSide: 0,
    },
    refuses: {
      state: riskState({ tradesToday: 2 }),
      openEntryOrders: [order()],
      correlatedSameSide: 0,
    },
  },
  {
    limit: 'trades a day, with an entry that was sent and shows nowhere yet',
    code: 'too-many-trades',
    passes: { state: riskState({ tradesToday: 1 }), inFlight: [SENT], correlatedSameSide: 0 },
    refuses: { state: riskState({ tradesToday: 2 }), inFlight: [SENT], correlatedSameSide: 0 },
  },
  {
    limit: 'trades a day, with a position that no account read has counted yet',
    code: 'too-many-trades',
    passes: {
      ...holding(safe('A')),
      state: riskState({ tradesToday: 2, entriesCounted: ['A', 'older'] }),
    },
    refuses: {
      ...holding(safe('A')),
      state: riskState({ tradesToday: 2, entriesCounted: ['old', 'older'] }),
    },
  },
  {
    limit: 'open positions',
    code: 'too-many-positions',
    passes: holding(safe('A'), safe('B')),
    refuses: holding(safe('A'), safe('B'), safe('C')),
  },
  {
    limit: 'correlated positions',
    code: 'too-correlated',
    passes: { ...holding(safe('A'), safe('B')), correlatedSameSide: 1 },
    refuses: { ...holding(safe('A'), safe('B')), correlatedSameSide: 2 },
  },
  {
    limit: 'correlation unknown: every position of the side counts',
    code: 'too-correlated',
    passes: { ...holding(safe('A'), safe('B', { side: 'short' })), correlatedSameSide: undefined },
    refuses: { ...holding(safe('A'), safe('B')), correlatedSameSide: undefined },
  },
  {
    limit: 'one position a symbol',
    code: 'symbol-occupied',
    passes: holding(safe('BTC')),
    refuses: holding(safe('ETH')),
  },
  {
    limit: 'positions with a known loss',
    code: 'loss-unknown',
    passes: { positions: [bare(UNIT)], correlatedSameSide: 0 },
    refuses: { positions: [bare('0')], correlatedSameSide: 0 },
  },
  {
    limit: 'entry orders with a known loss',
    code: 'order-risk-unknown',
    passes: { openEntryOrders: [order({ reduceOnly: true })] },
    refuses: { openEntryOrders: [(({ stopPrice: _none, ...rest }) => rest)(order())] },
  },
  {
    limit: 'pause per symbol',
    code: 'symbol-cooling-down',
    passes: { state: riskState({ lossCloses: { ETHUSDT: NOW - 14_400_000 } }) },
    refuses: { state: riskState({ lossCloses: { ETHUSDT: NOW - 14_399_999 } }) },
  },
  {
    limit: 'open for trading',
    code: 'symbol-not-tradable',
    passes: { instrument: instrument() },
    refuses: { instrument: instrument({ status: 'cancel-only' }) },
  },
  {
    limit: 'tradable through the API',
    code: 'symbol-not-tradable',
    passes: { instrument: instrument({ apiTradable: true }) },
    refuses: { instrument: instrument({ apiTradable: false }) },
  },
  {
    limit: 'not delisted',
    code: 'symbol-not-tradable',
    passes: { instrument: instrument({ delistTime: NOW + 1 }) },
    refuses: { instrument: instrument({ delistTime: NOW }) },
  },
  {
    limit: "the account's coin",
    code: 'symbol-not-tradable',
    passes: { instrument: instrument({ quote: 'USDT' }) },
    refuses: { instrument: instrument({ quote: 'USDC' }) },
  },
  {
    limit: 'a price step',
    code: 'symbol-not-tradable',
    passes: { instrument: instrument({ tick: price('0.01') }) },
    refuses: { instrument: instrument({ tick: price('0') }) },
  },
  {
    limit: 'a quantity step',
    code: 'symbol-not-tradable',
    passes: { instrument: instrument({ step: qty('0.001') }) },
    refuses: { instrument: instrument({ step: qty('0') }) },
  },
  {
    limit: 'prices above 0',
    code: 'price-not-positive',
    passes: { mark: { price: price('100'), at: NOW } },
    refuses: { mark: { price: price('0'), at: NOW } },
  },
  {
    limit: 'rules of the right symbol',
    code: 'symbol-not-tradable',
    passes: { instrument: instrument() },
    refuses: { instrument: instrument({ symbol: 'BTCUSDT' }) },
  },
  {
    limit: 'reference price near the mark',
    code: 'price-disagrees',
    passes: wants({ entry: price('100.49'), stop: price('99'), target: price('105') }),
    refuses: wants({ entry: price('100.5'), stop: price('99'), target: price('105') }),
  },
  {
    limit: 'price band of the signal, low end',
    code: 'price-moved',
    passes: wants({ band: { low: price('100'), high: price('101') } }),
    refuses: wants({ band: { low: price(`100.${'0'.repeat(17)}1`), high: price('101') } }),
  },
  {
    limit: 'price band of the signal, high end',
    code: 'price-moved',
    passes: wants({ band: { low: price('99'), high: price('100') } }),
    refuses: wants({ band: { low: price('99'), high: price(`99.${'9'.repeat(18)}`) } }),
  },
  {
    limit: 'stop on the losing side',
    code: 'stop-wrong-side',
    passes: wants({ stop: price('99.5') }),
    refuses: wants({ stop: price('100') }),
  },
  {
    limit: 'stop on the losing side of the mark',
    code: 'stop-wrong-side',
    passes: { ...wants({ stop: price('99.5') }), mark: { price: price('99.51'), at: NOW } },
    refuses: { ...wants({ stop: price('99.5') }), mark: { price: price('99.5'), at: NOW } },
  },
  {
    limit: 'target on the winning side',
    code: 'target-wrong-side',
    passes: wants({ target: price('104') }),
    refuses: wants({ target: price('100') }),
  },
  {
    limit: 'prices on the tick',
    code: 'price-off-tick',
    passes: wants({ stop: price('98.51') }),
    refuses: wants({ stop: price('98.511') }),
  },
  {
    limit: 'least stop distance',
    code: 'stop-too-close',
    passes: wants({ stop: price('99.5') }),
    refuses: {
      ...wants({ stop: price(`99.5${'0'.repeat(16)}1`) }),
      instrument: instrument({ tick: price(UNIT) }),
    },
  },
  {
    limit: 'most stop distance',
    code: 'stop-too-far',
    passes: wants({ stop: price('95'), target: price('111') }),
    refuses: {
      ...wants({ stop: price(`94.${'9'.repeat(18)}`), target: price('111') }),
      instrument: instrument({ tick: price(UNIT) }),
    },
  },
  {
    limit: 'reward : risk without costs',
    code: 'reward-risk-too-low',
    passes: { ...wants({ target: price('103') }), ...free },
    refuses: {
      ...wants({ target: price(`102.${'9'.repeat(18)}`) }),
      ...free,
      instrument: instrument({ tick: price(UNIT) }),
    },
  },
  {
    // Risk 1.5 + 0.0006 x 198.5 = 1.6191; a target t earns t - 100 - 0.0006 x (100 + t), so 2.0 needs 103.3602 at least.
    limit: 'reward : risk after fees',
    code: 'reward-risk-too-low',
    passes: wants({ target: price('103.37') }),
    refuses: wants({ target: price('103.36') }),
  },
  {
    limit: "the signal's own reward : risk",
    code: 'reward-risk-too-low',
    passes: wants({ rewardRisk: 2 }),
    refuses: wants({ rewardRisk: 1.999_999 }),
  },
  {
    limit: 'checks passed',
    code: 'score-too-low',
    passes: wants({ score: 75 }),
    refuses: wants({ score: 74.999 }),
  },
  {
    limit: 'signal age',
    code: 'signal-too-old',
    passes: wants({ signalAgeMs: 7_200_000 }),
    refuses: wants({ signalAgeMs: 7_200_001 }),
  },
  {
    limit: "the strategy's own time",
    code: 'signal-too-old',
    passes: wants({ signalAgeMs: 3_600_000, lapsesAfterMs: 3_600_000 }),
    refuses: wants({ signalAgeMs: 3_600_001, lapsesAfterMs: 3_600_000 }),
  },
  {
    limit: 'volatility known',
    code: 'volatility-missing',
    passes: wants({ atrFraction: 0.001 }),
    refuses: wants({ atrFraction: 0 }),
  },
  {
    limit: 'volatility that is a number',
    code: 'volatility-missing',
    passes: wants({ atrFraction: 0.001 }),
    refuses: wants({ atrFraction: Number.NaN }),
  },
  {
    // Liquidation at 3x and maintenance m: 100 x (1 + m - 1/3); the stop is 5 away, so 10 are needed and not enough.
    limit: 'liquidation distance',
    code: 'liquidation-too-close',
    passes: {
      ...wants({ stop: price('95'), target: price('111') }),
      tiers: tiersWith('0.899999999999999999'),
    },
    refuses: { ...wants({ stop: price('95'), target: price('111') }), tiers: tiersWith('0.9') },
  },
  {
    limit: "the exchange's least leverage",
    code: 'leverage-out-of-range',
    passes: { instrument: instrument({ minLeverage: 5 }) },
    refuses: { instrument: instrument({ minLeverage: 6 }) },
  },
  {
    limit: 'minimum quantity',
    code: 'below-minimum-quantity',
    passes: { ...free, instrument: instrument({ minQty: qty('10') }) },
    refuses: { ...free, instrument: instrument({ minQty: qty('10.001') }) },
  },
];

function tiersWith(rate: string): GateInput['tiers'] {
  return TIERS.map((tier) => ({ ...tier, maintenanceRate: ratio(rate) }));
}

describe('each limit at its boundary', () => {
  it.each(BOUNDARIES)('$limit: the last allowed value passes', ({ code, passes }) => {
    expect(codes(passes)).not.toContain(code);
  });

  it.each(BOUNDARIES)('$limit: one unit further is refused as $code', ({ code, refuses }) => {
    expect(codes(refuses)).toContain(code);
  });

  it.each(BOUNDARIES.filter((each) => each.limit !== 'daily loss'))(
    '$limit: nothing else refuses the last allowed value',
    ({ passes }) => {
      expect(codes(passes)).toEqual([]);
    },
  );

  it.each(LIMIT_RULES.map((rule) => [rule.name, rule] as const))(
    'the rule %s has its rows: it lets one of them pass and refuses the one beside it',
    (_name, rule) => {
      const says = (over: Partial<GateInput>) => rule(contextOf(gateInput(over))) !== undefined;
      const rows = [...BOUNDARIES, FLOOR];
      expect(rows.some(({ passes, refuses }) => says(refuses) && !says(passes))).toBe(true);
    },
  );
});

/** Below it the daily loss refuses too, so it needs wider limits. */
const FLOOR = {
  passes: { account: account({ available: usd('500.000000000000000001') }) },
  refuses: { account: account({ available: usd('500') }) },
};

describe('the balance floor', () => {
  const at = (available: string): string[] =>
    codes({
      account: account({ available: usd(available) }),
      limits: {
        ...WIDEST,
        dailyLoss: ratio('0.9'),
        weeklyLoss: ratio('0.9'),
        drawdown: ratio('0.9'),
      },
    });

  it('refuses at exactly half of the first equity of the day and not a unit above', () => {
    expect(at('500')).toEqual(['equity-under-floor']);
    expect(at('500.000000000000000001')).toEqual([]);
  });

  it('refuses an equity of zero or less without a state to compare with', () => {
    const broke = account({ available: usd('0') });
    expect(codes({ account: broke, state: undefined })).toContain('equity-under-floor');
    expect(codes({ account: account({ available: usd('-14.38') }) })).toContain(
      'equity-under-floor',
    );
  });
});

describe('missing inputs', () => {
  it.each([
    ['account', 'account-missing'],
    ['positions', 'positions-missing'],
    ['protections', 'protections-missing'],
    ['openEntryOrders', 'orders-missing'],
    ['instrument', 'instrument-missing'],
    ['tiers', 'tiers-missing'],
    ['mark', 'price-missing'],
    ['state', 'state-missing'],
    ['mode', 'mode-missing'],
    ['inFlight', 'in-flight-missing'],
  ])('without %s the entry is refused as %s', (key, code) => {
    expect(codes({ [key]: undefined })).toEqual([code]);
  });

  it('of a market whose usual volatility is 0 is none', () => {
    const market = { ...CALM, btcAtr: { now: 0, median: 0, hours: 720 } };
    const verdict = checkEntry(gateInput({ market }));
    expect(verdict.kind === 'refused' && verdict.refusals.map(({ code }) => code)).toEqual([
      'market-volatility-missing',
    ]);
  });

  it('names all of them at once', () => {
    const nothing = {
      account: undefined,
      positions: undefined,
      protections: undefined,
      openEntryOrders: undefined,
      instrument: undefined,
      tiers: undefined,
      mark: undefined,
      state: undefined,
      mode: undefined,
    };
    expect(codes(nothing)).toHaveLength(9);
  });

  it('refuses an empty risk ladder', () => {
    expect(codes({ tiers: [] })).toContain('tiers-missing');
  });
});

describe('the sized entry', () => {
  const approvedQty = (over: Partial<GateInput>): string => {
    const verdict = checkEntry(gateInput({ ...free, ...over }));
    if (verdict.kind === 'refused') return verdict.refusals.map((each) => each.code).join();
    return `${toText(verdict.entry.qty)} by ${verdict.boundBy}`;
  };

  it('comes out smaller after a loss, so that the day holds', () => {
    const lost = account({ available: usd('984') });
    expect(approvedQty({ account: lost })).toBe('9.333 by daily-budget');
  });

  it('is refused as no room when open heat takes the whole daily budget', () => {
    const held = position({ qty: qty('30') });
    const over = { positions: [held], protections: [stopFor(held, '99')], correlatedSameSide: 0 };
    expect(approvedQty(over)).toBe('no-room-daily-budget');
  });

  it('is bound by what the heat limit leaves', () => {
    const held = position({ qty: qty('4.5') });
    const over = { positions: [held], protections: [stopFor(held, '90')], correlatedSameSide: 0 };
    const limits = { ...FREE_LIMITS, dailyLoss: ratio('0.2'), categoryHeatShare: ratio('1') };
    expect(approvedQty({ ...over, limits, categories: new Map([['BTCUSDT', 'major']]) })).toBe(
      '3.333 by heat',
    );
  });

  it('is bound by what its category leaves, and a coin of unknown category counts as in it', () => {
    const held = position({ qty: qty('1') });
    const over = { positions: [held], protections: [stopFor(held, '88')], correlatedSameSide: 0 };
    expect(approvedQty(over)).toBe('5.333 by category-heat');
    const elsewhere = new Map([['BTCUSDT', 'major']]);
    expect(approvedQty({ ...over, categories: elsewhere })).toBe('10 by risk-per-trade');
  });

  it('counts an entry on its way as if it were open', () => {
    const inFlight = [SENT];
    expect(approvedQty({ inFlight, correlatedSameSide: 0 })).toBe('3.333 by category-heat');
    expect(codes({ inFlight: [{ ...SENT, symbol: 'ETHUSDT' }] })).toContain('symbol-occupied');
  });

  it('never uses margin that an open loss may still need', () => {
    const held = position({ margin: usd('200'), unrealisedPnl: usd('-5') });
    const over = {
      account: account({ available: usd('800'), margin: usd('200'), unrealisedPnl: usd('-5') }),
      positions: [held],
      protections: [stopFor(held, '100')],
      correlatedSameSide: 0,
    };
    const tight = {
      ...FREE_LIMITS,
      marginPerPosition: ratio('1'),
      riskPerTrade: ratio('1'),
      dailyLoss: ratio('1'),
      maxHeat: ratio('1'),
      categoryHeatShare: ratio('1'),
      maxJumpLoss: ratio('1'),
    };
    expect(approvedQty({ ...over, limits: tight })).toBe('39.75 by free-margin');
  });

  it('goes down with the leverage until liquidation is far enough', () => {
    const verdict = checkEntry(
      gateInput({
        tiers: tiersWith('0.15'),
        ...wants({ stop: price('95'), target: price('111') }),
      }),
    );
    // 100 x (1 + 0.15 - 1/4) is exactly 10 away, which is not further than twice the stop; 3x leaves 18.33.
    expect(verdict.kind === 'approved' ? verdict.entry.leverage : verdict.refusals).toBe(3);
  });

  it('stays at a leverage that is set already: what would need less is refused', () => {
    const at = (leverage: number) =>
      checkEntry(
        gateInput({
          tiers: tiersWith('0.15'),
          ...wants({ stop: price('95'), target: price('111'), leverage }),
        }),
      );
    const [fits, close] = [at(3), at(4)];
    expect(fits.kind === 'approved' ? fits.entry.leverage : fits.refusals).toBe(3);
    expect(close.kind === 'refused' && close.refusals.map(({ code }) => code)).toEqual([
      'liquidation-too-close',
    ]);
  });

  it('carries what was judged: side, stop, target, reference and a plan that adds up', () => {
    const verdict = checkEntry(gateInput());
    if (verdict.kind === 'refused') throw new Error(verdict.refusals[0]?.sentence);
    const { entry } = verdict;
    expect([
      entry.side,
      toText(entry.stop),
      toText(entry.target),
      toText(entry.referencePrice),
    ]).toEqual(['long', '98.5', '104', '100']);
    expect(entry.plan.risk <= usd('15')).toBe(true);
    expect(toText(entry.plan.liquidationPrice ?? price('0'))).toBe('80.4');
    expect(entry.plan.margin <= usd('200')).toBe(true);
  });
});

describe('refusals', () => {
  it('are sentences that a person can read, with limit and observed value', () => {
    const all = BOUNDARIES.flatMap(({ refuses }) => {
      const verdict = checkEntry(gateInput(refuses));
      return verdict.kind === 'refused' ? verdict.refusals : [];
    });
    for (const each of all) {
      expect(each.sentence).toMatch(/^[A-Z0-9].*\.$/);
      expect(`${each.sentence} ${each.limit} ${each.observed}`).not.toMatch(
        /undefined|null|NaN\b.*NaN|\[object|\d{19}/,
      );
      expect(each.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(each.limit.length * each.observed.length).toBeGreaterThan(0);
    }
  });

  it('count one as one', () => {
    const limits = { ...WIDEST, maxTradesPerDay: 1, maxCorrelated: 1 };
    const state = riskState({ tradesToday: 1 });
    const verdict = checkEntry(
      gateInput({ ...holding(safe('A')), correlatedSameSide: 1, state, limits }),
    );
    const said = verdict.kind === 'refused' ? verdict.refusals : [];
    expect(said.map(({ sentence }) => sentence)).toEqual([
      '1 of 1 trade for today is used.',
      '1 open long position moves together with this coin; the limit is 1.',
    ]);
    expect(said[1]?.limit).toBe('1 position');
  });

  it('list every reason, not only the first', () => {
    const found = codes({
      mode: because('halted'),
      state: riskState({ tradesToday: 3, lossStreak: 5 }),
      ...wants({ score: 10, stop: price('94'), target: price('101') }),
    });
    expect(found).toEqual([
      'mode-halted',
      'loss-streak-reached',
      'too-many-trades',
      'stop-too-far',
      'reward-risk-too-low',
      'score-too-low',
    ]);
  });
});
