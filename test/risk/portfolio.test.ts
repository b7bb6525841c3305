import { describe, expect, it } from 'vitest';
import { price, qty, ratio, toText, usd } from '../../src/domain/money/money.ts';
import { remainingDailyBudget } from '../../src/risk/state/day-loss.ts';
import { contextOf } from '../../src/risk/gate/gate.ts';
import { heatOf } from '../../src/risk/terms/heat.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { marginRatioOf } from '../../src/risk/terms/margin-ratio.ts';
import type { MarketReading } from '../../src/risk/terms/market-reading.ts';
import { markOf } from '../../src/domain/position.ts';
import { exposureOf, limitUse, liquidationDistance } from '../../src/risk/portfolio/portfolio.ts';
import type { Position, ProtectiveOrder } from '../../src/domain/position.ts';
import {
  account,
  FREE_LIMITS,
  gateInput,
  position,
  riskState,
  stopFor,
  TIERS,
} from './fixtures.ts';

const SCALE = { equity: usd('1000'), costs: FREE_LIMITS };
const NONE = usd('-1');
const long = position({ qty: qty('2') });
const short = position({
  id: 's',
  symbol: 'DOGEUSDT',
  side: 'short',
  unrealisedPnl: usd('-5'),
  liquidationPrice: price('119'),
});

describe('heat', () => {
  const of = (held: Position, ...protections: ProtectiveOrder[]): string[] => {
    const { rows, ...found } = heatOf([held], protections, SCALE);
    const { loss = NONE, further = NONE, notYetLost = NONE } = found;
    return [rows[0]?.basis ?? '', ...[loss, further, notYetLost].map(toText)];
  };

  it('is the loss at the stop', () => {
    expect(of(long, stopFor(long, '97'))).toEqual(['stop', '6', '6', '6']);
  });

  it('is the loss at liquidation without a stop, and the margin where liquidation is unknown', () => {
    expect(of(long)).toEqual(['liquidation', '39', '39', '39']);
    const { liquidationPrice: _none, ...unknown } = long;
    expect(of(unknown)).toEqual(['margin', '40', '40', '40']);
  });

  it('is the margin when the liquidation price lies on the winning side and cannot be right', () => {
    expect(of({ ...long, liquidationPrice: price('130') })[0]).toBe('margin');
  });

  it('adds both parts of a position with a stop for one half', () => {
    // 1 x 3 at the stop, 1 x 19.5 at liquidation.
    expect(of(long, stopFor(long, '97', { stopQty: qty('1') }))).toEqual([
      'stop for a part',
      '22.5',
      '22.5',
      '22.5',
    ]);
  });

  it('takes each part at its own stop, and is a full stop when the parts add up', () => {
    const near = stopFor(long, '98', { stopQty: qty('1.5') });
    // 1.5 x 2 and 0.5 x 5; one step less leaves that step to liquidation at 80.5.
    const far = stopFor(long, '95', { stopQty: qty('0.5') });
    expect(of(long, far, near)).toEqual(['stop', '5.5', '5.5', '5.5']);
    const less = stopFor(long, '95', { stopQty: qty('0.499') });
    expect(of(long, less, near)).toEqual(['stop for a part', '5.5145', '5.5145', '5.5145']);
  });

  it('is nothing once the stop is in profit, while the open profit that it would give back still counts from now', () => {
    const ahead = { ...long, unrealisedPnl: usd('20') };
    expect(of(ahead, stopFor(ahead, '104'))).toEqual(['stop', '0', '12', '0']);
  });

  it('does not count twice what is already an open loss', () => {
    const behind = { ...long, unrealisedPnl: usd('-4') };
    expect(of(behind, stopFor(behind, '97'))).toEqual(['stop', '6', '2', '2']);
  });

  it('has the exit fee and slippage in it', () => {
    const costs = { takerFee: ratio('0.001'), slippage: ratio('0.01') };
    const { loss } = heatOf([long], [stopFor(long, '97')], { ...SCALE, costs });
    expect(toText(loss ?? NONE)).toBe('8.13206');
  });
});

describe('the what today may still lose', () => {
  const budget = (
    available: string,
    positions: Position[],
    protections: ProtectiveOrder[],
  ): string => {
    const open = positions.reduce(
      (total, each) => total + each.unrealisedPnl,
      0n,
    ) as typeof long.margin;
    const context = contextOf(
      gateInput({
        account: account({ available: usd(available), unrealisedPnl: open }),
        positions,
        protections,
        limits: FREE_LIMITS,
      }),
    );
    const atStake = context.open?.atStake;
    if (atStake === undefined || context.equity === undefined) throw new Error('inputs are given');
    return toText(
      remainingDailyBudget({ state: riskState(), equity: context.equity, atStake }, FREE_LIMITS),
    );
  };

  it('is 3 % less the loss so far less the heat that is not yet in it', () => {
    const behind = { ...long, unrealisedPnl: usd('-4') };
    expect(budget('995', [behind], [stopFor(behind, '97')])).toBe('19'); // 30 - 9 - 2
  });

  it('is not enlarged by a gain of the day', () => {
    expect(budget('1020', [long], [stopFor(long, '95')])).toBe('20'); // 30 - 0 - 10
  });

  it('sees open profit that hides a loss and would be given back', () => {
    const ahead = { ...long, unrealisedPnl: usd('20') };
    // Realised -18; the stop at entry gives the 20 back: 30 - 18.
    expect(budget('982', [ahead], [stopFor(ahead, '100')])).toBe('12');
  });

  it('is never negative', () => {
    expect(budget('960', [], [])).toBe('0');
  });
});

describe('exposure', () => {
  it('is by side, symbol and category at the mark price', () => {
    const found = exposureOf([long, short], new Map([['BTCUSDT', 'major']]));
    expect([found.long, found.short, found.gross, found.net].map(toText)).toEqual([
      '200',
      '105',
      '305',
      '95',
    ]);
    expect([...found.byCategory].map(([name, value]) => `${name} ${toText(value)}`)).toEqual([
      'major 200',
      'other 105',
    ]);
    expect(found.bySymbol.size).toBe(2);
  });

  it('knows the mark price from the open result', () => {
    expect([markOf(long), markOf(short)].map((each) => toText(each ?? price('0')))).toEqual([
      '100',
      '105',
    ]);
    expect(markOf(position({ qty: qty('0') }))).toBeUndefined();
  });
});

describe('distance to liquidation', () => {
  it('is a fraction of the mark, 0 once reached, undefined when there is none', () => {
    expect(toText(liquidationDistance(long, price('100')) ?? ratio('9'))).toBe('0.195');
    expect(toText(liquidationDistance(short, price('100')) ?? ratio('9'))).toBe('0.19');
    expect(liquidationDistance(long, price('80'))).toBe(0n);
    const { liquidationPrice: _none, ...cross } = long;
    expect(liquidationDistance(cross, price('100'))).toBeUndefined();
  });
});

describe('marginRatioOf', () => {
  const tiers = new Map([
    ['BTCUSDT', TIERS],
    ['DOGEUSDT', TIERS],
  ]);

  it('is the maintenance margin of all positions against equity', () => {
    expect(toText(marginRatioOf([long, short], tiers, usd('10')) ?? ratio('9'))).toBe('0.122');
  });

  it('is unknown rather than guessed', () => {
    expect(marginRatioOf([long], new Map(), usd('10'))).toBeUndefined();
    expect(marginRatioOf([long], tiers, usd('0'))).toBeUndefined();
  });
});

describe('limitUse', () => {
  const rows = limitUse({
    account: account({ available: usd('965'), margin: usd('20') }),
    positions: [long],
    protections: [stopFor(long, '90')],
    state: riskState({ tradesToday: 1, lossStreak: 2, peakEquity: usd('1050') }),
    limits: DEFAULT_LIMITS,
  });
  const of = (id: string): string => {
    const row = rows.find((each) => each.id === id);
    return `${row?.usedPercent} %: ${row?.text}`;
  };

  it('shows each limit with how much of it is used', () => {
    expect(of('daily-loss')).toBe('50 %: 1.5 % of 3 %');
    expect(of('drawdown')).toBe('61 %: 6.19 % of 10 %');
    expect(of('heat')).toBe('41 %: 2.05 % of 5 %');
    expect(of('position-margin')).toBe('20 %: 4.06 % of 20 %');
    // Ten percent of the 200 that are open.
    expect(of('jump')).toBe('13 %: 2.05 % of 15 %');
    expect(of('positions')).toBe('33 %: 1 of 3');
    expect(of('trades')).toBe('33 %: 1 of 3');
    expect(of('loss-streak')).toBe('40 %: 2 of 5');
    expect(of('balance-floor')).toBe('3 %: 985.00 USDT, floor 500.00 USDT');
  });

  it('shows no use on a winning day and survives an equity of zero', () => {
    const zero = limitUse({
      account: account({ available: usd('0') }),
      positions: [long],
      protections: [],
      state: riskState(),
      limits: DEFAULT_LIMITS,
    });
    expect(zero.find((row) => row.id === 'daily-loss')?.usedPercent).toBe(3_333);
    const won = limitUse({
      account: account({ available: usd('1100') }),
      positions: [],
      protections: [],
      state: riskState(),
      limits: DEFAULT_LIMITS,
    });
    expect(won.every((row) => row.usedPercent === 0)).toBe(true);
  });
});

describe('the use of the market limits', () => {
  const rows = (market: MarketReading) =>
    limitUse({
      account: account(),
      positions: [],
      protections: [],
      state: riskState(),
      market,
      limits: DEFAULT_LIMITS,
    })
      .filter((each) => ['volatility', 'margin-ratio'].includes(each.id))
      .map((each) => [each.usedPercent, `${each.label} ${each.text}`]);

  it('is a share of each limit', () => {
    const btcAtr = { now: 0.375, median: 0.25, hours: 720 };
    expect(rows({ btcAtr, marginRatio: ratio('0.1') })).toEqual([
      [50, 'market volatility 1.5x of 3x'],
      [20, 'margin ratio 10 % of 50 %'],
    ]);
  });

  it('says what is unknown, and leaves out what there is nothing to judge of', () => {
    expect(rows({})).toEqual([
      [undefined, 'market volatility unavailable, so no entry'],
      [undefined, 'margin ratio unavailable, so no entry'],
    ]);
    expect(rows({ btcAtr: 'not listed', marginRatio: ratio('0') })).toEqual([
      [0, 'margin ratio 0 % of 50 %'],
    ]);
  });
});
