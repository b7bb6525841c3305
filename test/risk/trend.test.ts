import { describe, expect, it } from 'vitest';
import { price, usd } from '../../src/domain/money/money.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { evaluateStop, type StopInput } from '../../src/risk/stop/emergency-stop.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { trendBase, trendText } from '../../src/risk/terms/trend.ts';
import { account, DAY_START, NORMAL, NOW, position, riskState, stopFor } from './fixtures.ts';

const warnings = (over: Partial<StopInput>) =>
  evaluateStop({
    state: riskState(),
    account: account({ available: usd('980') }),
    positions: [],
    health: { accountReadAt: NOW, failedReads: 0, priceAt: new Map([['BTCUSDT', NOW]]) },
    limits: DEFAULT_LIMITS,
    mode: NORMAL,
    now: NOW,
    ...over,
  }).warnings;
const point = (minutesAgo: number, equity: number) => ({ at: NOW - minutesAgo * MINUTE, equity });
const daily = (over: Partial<StopInput>) => warnings(over).find((each) => each.id === 'daily-loss');

describe('the trend of a warning', () => {
  it('says what it was an hour ago and when the limit is reached at this pace', () => {
    // 20 of 30 USDT are 66 %; 10 of 30 an hour ago were 33 %: 33 points an hour, 34 are left.
    expect(daily({ equityPoints: [point(60, 990), point(5, 981)] })?.trend).toBe(
      'It was 33 % 60 min ago; at this pace the limit is reached in about 61 min.',
    );
  });

  it('says that it does not rise where it does not', () => {
    expect(daily({ equityPoints: [point(30, 978)] })?.trend).toBe(
      'It was 73 % 30 min ago; it is not rising.',
    );
  });

  it('is not known from less than 10 minutes, nor from before the day or a deposit', () => {
    const unknown = 'How fast it changes is not known yet.';
    expect(daily({ equityPoints: [] })?.trend).toBe(unknown);
    expect(daily({ equityPoints: [point(9, 990)] })?.trend).toBe(unknown);
    expect(daily({ equityPoints: [point(10, 990)] })?.trend).toContain('10 min ago');
    const state = riskState({ flowAt: NOW - 5 * MINUTE });
    expect(daily({ state, equityPoints: [point(60, 990)] })?.trend).toBe(unknown);
    // Money that left unexplained is no pace of losing, and before the record of flows nobody knows what moved.
    const gap = { id: 's', amount: usd('-4'), equity: usd('1'), highSince: usd('1') };
    const asked = riskState({ steps: [{ ...gap, at: NOW - 59 * MINUTE }] });
    expect(daily({ state: asked, equityPoints: [point(60, 990)] })?.trend).toBe(unknown);
    expect(daily({ state: asked, equityPoints: [point(59, 990)] })?.trend).toContain('59 min ago');
    const young = riskState({ flows: { since: NOW - 59 * MINUTE, list: [] } });
    expect(daily({ state: young, equityPoints: [point(60, 990)] })?.trend).toBe(unknown);
    expect(daily({ state: young, equityPoints: [point(59, 990)] })?.trend).toContain('59 min ago');
    const early = {
      state: riskState({ dayStart: NOW - 8 * MINUTE }),
      equityPoints: [point(60, 990)],
    };
    expect(daily(early)?.trend).toBe(unknown);
  });

  it('compares with the oldest reading of the last hour', () => {
    const points = [point(90, 1), point(59, 2), point(20, 3)];
    expect(trendBase(points, { since: 0, now: NOW })).toEqual(point(59, 2));
    expect(trendBase(points, { since: NOW - HOUR / 2, now: NOW })).toEqual(point(20, 3));
  });

  it('never promises a time in the past', () => {
    expect(trendText(120, { was: 50, agoMs: HOUR })).toContain('in about 0 s');
  });
});

describe('the contributors of a warning', () => {
  it('are open losers, what closed at a loss today, and money that left', () => {
    const state = riskState({
      dayResults: { SOLUSDT: usd('-12'), XUSDT: usd('3') },
      steps: [{ id: 's', amount: usd('-4'), at: DAY_START, equity: usd('1'), highSince: usd('1') }],
    });
    const positions = [position({ unrealisedPnl: usd('-4') })];
    expect(daily({ state, positions })?.contributors).toEqual([
      'BTCUSDT long: -4.00 USDT open',
      'SOLUSDT: -12.00 USDT closed today',
      '-4.00 USDT left the account unexplained',
    ]);
  });

  it('of a losing streak are its trades', () => {
    const loser = { symbol: 'SOLUSDT', side: 'short', net: usd('-3'), at: NOW - HOUR } as const;
    const state = riskState({ lossStreak: 3, losers: [loser] });
    const found = warnings({ state, account: account() }).find((each) => each.id === 'loss-streak');
    expect(found?.contributors).toEqual(['SOLUSDT short: -3.00 USDT, closed 2025-10-10 11:00 UTC']);
    expect(found?.trend).toBeUndefined();
  });
});

describe('the warning about the loss at all stops', () => {
  const heat = (stop: string) => {
    const held = position({ margin: usd('100'), liquidationPrice: price('1') });
    return warnings({
      account: account(),
      positions: [held],
      protections: [stopFor(held, stop)],
      limits: { ...DEFAULT_LIMITS, takerFee: usd('0') as never, slippage: usd('0') as never },
    }).map((each) => `${each.id} ${each.level}`);
  };

  it('comes at 60 and 80 % of the limit, one unit before not', () => {
    expect(heat('70.000000000000000001')).toEqual([]);
    expect(heat('70')).toEqual(['heat 60']);
    expect(heat('60.000000000000000001')).toEqual(['heat 60']);
    expect(heat('60')).toEqual(['heat 80']);
    expect(heat('20')).toEqual(['heat 80']);
  });
});
