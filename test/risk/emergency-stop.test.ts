import { describe, expect, it } from 'vitest';
import { DAY } from '../../src/domain/time.ts';
import { ratio, usd, type Ratio, type Usd } from '../../src/domain/money/money.ts';
import { transitionMode } from '../../src/domain/trading-mode.ts';
import { evaluateStop, type StopInput } from '../../src/risk/stop/emergency-stop.ts';
import type { Health } from '../../src/risk/stop/stop-conditions.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { account, CALM, NORMAL, NOW, position, riskState } from './fixtures.ts';

const health = (over: Partial<Health> = {}): Health => ({
  accountReadAt: NOW,
  failedReads: 0,
  priceAt: new Map([['BTCUSDT', NOW]]),
  ...over,
});

const stop = (over: Partial<StopInput> = {}) =>
  evaluateStop({
    state: riskState(),
    account: account(),
    positions: [],
    health: health(),
    limits: DEFAULT_LIMITS,
    mode: NORMAL,
    now: NOW,
    ...over,
  });

const conditions = (over: Partial<StopInput>): string[] =>
  stop(over).tightenings.map((each) => `${each.reason.trigger} -> ${each.to}`);

const equity = (text: string): Partial<StopInput> => ({
  account: account({ available: usd(text) }),
});
const WIDE = {
  ...DEFAULT_LIMITS,
  dailyLoss: ratio('0.99'),
  weeklyLoss: ratio('0.99'),
  drawdown: ratio('0.99'),
};
/** 1000 a week ago; what was lost since was not lost today. */
const WEEK_AGO = riskState({
  dayStartEquity: usd('900'),
  week: [{ at: NOW - 7 * DAY, equity: usd('1000') }],
});

describe('each condition at its boundary', () => {
  it('daily loss trips at exactly 3 % and not a unit before', () => {
    const limits = { ...DEFAULT_LIMITS, drawdown: ratio('0.9') };
    expect(conditions({ ...equity('970.000000000000000001'), limits })).toEqual([]);
    expect(conditions({ ...equity('970'), limits })).toEqual(['daily-loss -> halted']);
  });

  it('weekly loss holds entries at exactly 5 % and not a unit before', () => {
    const at = (text: string) => conditions({ state: WEEK_AGO, ...equity(text) });
    expect(at('950.000000000000000001')).toEqual([]);
    expect(at('950')).toEqual(['weekly-loss -> reduceOnly']);
  });

  it('weekly loss says what it is measured against, and since when where less is known', () => {
    const said = (over: Partial<StopInput>) =>
      stop({ ...over, ...equity('950') }).readings.find(({ id }) => id === 'weekly-loss')?.sentence;
    expect(said({ state: WEEK_AGO })).toBe(
      'The loss of the last 7 days is 50.00 USDT = 5 % of 1,000.00 USDT; the limit is 5 %.',
    );
    const week = [{ at: NOW - 2 * DAY, equity: usd('1000') }];
    expect(said({ state: riskState({ week }) })).toContain(
      'Vigil knows the equity since 2025-10-08 12:00 UTC, so it counts from there.',
    );
  });

  it('drawdown trips at exactly 10 % from the high', () => {
    const state = riskState({ dayStartEquity: usd('905'), peakEquity: usd('1000') });
    expect(conditions({ state, ...equity('900.000000000000000001') })).toEqual([]);
    expect(conditions({ state, ...equity('900') })).toEqual(['drawdown -> halted']);
  });

  it('balance floor trips at exactly half of the first equity of the day', () => {
    expect(conditions({ ...equity('500.000000000000000001'), limits: WIDE })).toEqual([]);
    expect(conditions({ ...equity('500'), limits: WIDE })).toEqual(['balance-floor -> halted']);
  });

  it('losses in a row trip at the fifth and carry the cool-off', () => {
    expect(conditions({ state: riskState({ lossStreak: 4 }) })).toEqual([]);
    const five = stop({ state: riskState({ lossStreak: 5, coolOffUntil: NOW + 60_000 }) });
    expect(five.tighten).toMatchObject({ to: 'halted', coolOffUntil: NOW + 60_000 });
  });

  it('an account unread for 60 s holds entries, not for 59.999 s', () => {
    expect(conditions({ health: health({ accountReadAt: NOW - 59_999 }) })).toEqual([]);
    expect(conditions({ health: health({ accountReadAt: NOW - 60_000 }) })).toEqual([
      'account-unread -> reduceOnly',
    ]);
    expect(conditions({ health: health({ accountReadAt: undefined }) })).toEqual([
      'account-unread -> reduceOnly',
    ]);
  });

  it('prices older than 15 s hold entries while a position is open', () => {
    const at = (age: number): Partial<StopInput> => ({
      positions: [position()],
      health: health({ priceAt: new Map([['BTCUSDT', NOW - age]]) }),
    });
    expect(conditions(at(15_000))).toEqual([]);
    expect(conditions(at(15_001))).toEqual(['prices-old -> reduceOnly']);
    expect(conditions({ ...at(99_000), positions: [] })).toEqual([]);
    expect(conditions({ positions: [position({ symbol: 'XUSDT' })] })).toEqual([
      'prices-old -> reduceOnly',
    ]);
  });

  it('five failed reads in a row hold entries, four do not', () => {
    expect(conditions({ health: health({ failedReads: 4 }) })).toEqual([]);
    expect(conditions({ health: health({ failedReads: 5 }) })).toEqual([
      'failed-reads -> reduceOnly',
    ]);
  });
});

describe('the emergency stop', () => {
  it('does not trip on a gain, however large', () => {
    expect(conditions(equity('250000'))).toEqual([]);
    expect(stop(equity('250000')).warnings).toEqual([]);
  });

  it('halts at the first reading of zero equity and gives the figures', () => {
    const report = stop(equity('0'));
    expect(report.tighten).toMatchObject({
      to: 'halted',
      reason: {
        trigger: 'daily-loss',
        evidence: "Today's loss is 1,000.00 USDT = 100 % of 1,000.00 USDT; the limit is 3 %.",
      },
    });
  });

  it('trips rather than divides where a baseline of zero was stored', () => {
    const state = riskState({ dayStartEquity: usd('0'), peakEquity: usd('0') });
    expect(conditions({ state })).toEqual([
      'daily-loss -> halted',
      'weekly-loss -> reduceOnly',
      'drawdown -> halted',
    ]);
  });

  it('reports a condition once and again after a person lifted the mode', () => {
    const first = stop(equity('970'));
    let mode = NORMAL;
    for (const each of first.tightenings) mode = transitionMode(mode, each);
    expect(stop({ ...equity('969'), mode }).tightenings).toEqual([]);
    const lifted = transitionMode(mode, { kind: 'resume', at: NOW, by: 1, judged: mode.reasons });
    expect(stop({ ...equity('969'), mode: lifted }).tighten?.reason.trigger).toBe('daily-loss');
  });

  it('names the strictest of several and lists all', () => {
    const report = stop({ ...equity('900'), health: health({ failedReads: 7 }) });
    expect(report.tighten?.to).toBe('halted');
    expect(report.tightenings.map((each) => each.reason.trigger)).toEqual([
      'daily-loss',
      'weekly-loss',
      'drawdown',
      'failed-reads',
    ]);
  });

  it('judges only health without a state, and never loosens', () => {
    expect(conditions({ state: undefined, ...equity('1') })).toEqual([]);
    const halted = { ...NORMAL, mode: 'halted' as const };
    expect(stop({ mode: halted }).tightenings).toEqual([]);
  });
});

describe('warnings', () => {
  const unit = (units: bigint, text: string) => (usd(text) + units) as Usd;
  const falls = (text: string, units: bigint): Partial<StopInput> => ({
    account: account({ available: unit(-units, text) }),
  });
  /** For each condition that warns, the situation at exactly that level, off by so many of the smallest units. */
  const AT: Record<string, (level: 60 | 80, units: bigint) => Partial<StopInput>> = {
    'daily-loss': (level, units) => falls(level === 60 ? '982' : '976', units),
    'weekly-loss': (level, units) => ({
      ...falls(level === 60 ? '970' : '960', units),
      state: WEEK_AGO,
    }),
    drawdown: (level, units) => ({
      ...falls(level === 60 ? '940' : '920', units),
      state: riskState({ dayStartEquity: usd('900') }),
    }),
    'loss-streak': (level, units) => ({
      state: riskState({ lossStreak: (level === 60 ? 3 : 4) + Number(units) }),
    }),
    'balance-floor': (level, units) => ({
      ...falls(level === 60 ? '700' : '600', units),
      limits: WIDE,
    }),
    volatility: (level, units) => ({
      market: {
        btcAtr: {
          now: (level === 60 ? 1.8 : 2.4) * (1 + Number(units) * 2 ** -52),
          median: 1,
          hours: 720,
        },
      },
    }),
    'margin-ratio': (level, units) => ({
      market: { marginRatio: (ratio(level === 60 ? '0.3' : '0.4') + units) as Ratio },
    }),
  };
  /** Data that grows old holds entries at its limit; it is not worth a warning on the way there. */
  const SILENT = ['account-unread', 'prices-old', 'failed-reads'];

  const level = (id: string, over: Partial<StopInput>): number | undefined =>
    stop(over).warnings.find((each) => each.id === id)?.level;
  const levels = (text: string): string[] =>
    stop(equity(text)).warnings.map((each) => `${each.id} ${each.level}`);

  it.each(Object.entries(AT))(
    'of %s come at exactly 60 % and 80 % of the limit, not a unit before, and stay until the next',
    (id, at) => {
      const found = ([60, 80] as const).map((each) =>
        [-1n, 0n, 1n].map((units) => level(id, at(each, units))),
      );
      // A count has only whole steps: one more than 60 % of five is 80 %, one more than 80 % is the limit.
      expect(found).toEqual(
        id === 'loss-streak'
          ? [
              [undefined, 60, 80],
              [60, 80, undefined],
            ]
          : [
              [undefined, 60, 60],
              [60, 80, 80],
            ],
      );
    },
  );

  it('are known for every condition, or it is said that it gives none', () => {
    const all = stop({ market: CALM }).readings.map((each) => each.id);
    expect([...Object.keys(AT), ...SILENT].toSorted()).toEqual(all.toSorted());
    const old = health({ accountReadAt: NOW - 59_999, failedReads: 4 });
    expect(stop({ health: old }).warnings).toEqual([]);
  });

  it('give way to the halt', () => {
    expect(levels('970').filter((each) => each.startsWith('daily-loss'))).toEqual([]);
  });

  it('have one key per limit, level and day', () => {
    const key = stop(equity('982')).warnings[0]?.key;
    expect(stop(equity('980')).warnings[0]?.key).toBe(key);
    expect(stop(equity('976')).warnings[0]?.key).not.toBe(key);
  });

  it('name the open losers, worst first', () => {
    const losers = [
      position({ id: 'a', symbol: 'AUSDT', unrealisedPnl: usd('-3') }),
      position({ id: 'b', symbol: 'BUSDT', unrealisedPnl: usd('-9') }),
      position({ id: 'c', symbol: 'CUSDT', unrealisedPnl: usd('4') }),
    ];
    const [warning] = stop({ ...equity('980'), positions: losers }).warnings;
    expect(warning?.contributors).toEqual([
      'BUSDT long: -9.00 USDT open',
      'AUSDT long: -3.00 USDT open',
    ]);
    expect(warning?.sentence).toMatch(/^Today's loss is 20\.00 USDT/);
  });
});
