import { describe, expect, it } from 'vitest';
import type { FundingRate } from '../../src/domain/instrument.ts';
import { price, qty, ratio, toText, usd } from '../../src/domain/money/money.ts';
import {
  btcShock,
  fundingForADay,
  gapThroughStops,
  liquidationOrder,
  type StressInput,
} from '../../src/risk/portfolio/stress.ts';
import { account, position, stopFor } from './fixtures.ts';

const FREE = { takerFee: ratio('0'), slippage: ratio('0') };
const btc = position({ id: 'b', qty: qty('2'), margin: usd('20') }); // long 2 at 100, liquidation 80.5, margin 20
const doge = position({
  id: 'd',
  symbol: 'DOGEUSDT',
  side: 'short',
  qty: qty('3'),
  margin: usd('60'),
  liquidationPrice: price('119.5'),
});

const input = (over: Partial<StressInput> = {}): StressInput => ({
  account: account({ available: usd('900'), margin: usd('100') }),
  positions: [btc],
  protections: [],
  betas: new Map([
    ['BTCUSDT', 1],
    ['DOGEUSDT', 1.5],
  ]),
  costs: FREE,
  ...over,
});

const summary = (result: ReturnType<typeof btcShock>): unknown[] => [
  toText(result.change),
  ...result.rows.map((row) => row.end),
];

describe('a shock of Bitcoin', () => {
  it('moves each coin by its beta while nothing is in the way', () => {
    // Long 2 x 100 falls by 5 %: -10. Short 3 x 100 falls by 7.5 %: +22.5.
    expect(summary(btcShock(input({ positions: [btc, doge] }), -0.05))).toEqual([
      '12.5',
      'still open',
      'still open',
    ]);
  });

  it('ends a position at the stop that lies on the way', () => {
    const protections = [stopFor(btc, '97')];
    expect(summary(btcShock(input({ protections }), -0.05))).toEqual(['-6', 'stopped']);
    expect(summary(btcShock(input({ protections }), -0.02))).toEqual(['-4', 'still open']);
  });

  it('ends a position at stops for parts of it that lie on the way together', () => {
    const half = (at: string) => stopFor(btc, at, { stopQty: qty('1') });
    const protections = [half('96'), half('98')];
    expect(summary(btcShock(input({ protections }), -0.05))).toEqual(['-6', 'stopped']);
    // The second is not reached: as if neither were there, which is no better than what happens.
    expect(summary(btcShock(input({ protections }), -0.03))).toEqual(['-6', 'still open']);
  });

  it('adds slippage and the exit fee at the stop', () => {
    const costs = { takerFee: ratio('0.001'), slippage: ratio('0.01') };
    // Fill at 97 x 0.99 = 96.03: -7.94; fee 0.001 x 192.06.
    expect(toText(btcShock(input({ protections: [stopFor(btc, '97')], costs }), -0.1).change)).toBe(
      '-8.13206',
    );
  });

  it('takes the margin of an isolated position that is liquidated, and no more', () => {
    expect(summary(btcShock(input(), -0.2))).toEqual(['-20', 'liquidated']);
  });

  it('measures a cross position at its price when it is liquidated', () => {
    const cross = position({ ...btc, marginMode: 'cross' });
    expect(summary(btcShock(input({ positions: [cross] }), -0.2))).toEqual(['-40', 'liquidated']);
  });

  it('counts from now: what is lost already is not lost again', () => {
    const under = position({ ...btc, unrealisedPnl: usd('-10') }); // mark 95
    // 5 % of 95 x 2 = 9.5 more.
    expect(toText(btcShock(input({ positions: [under] }), -0.05).change)).toBe('-9.5');
  });

  it('assumes an unknown beta to be 1 against the position, and says so', () => {
    const result = btcShock(input({ positions: [doge], betas: new Map() }), -0.1);
    expect([toText(result.change), result.rows[0]?.assumed]).toEqual(['-30', true]);
  });

  it('states equity after it and the share of equity', () => {
    const result = btcShock(input(), -0.05);
    expect([
      result.label,
      toText(result.equityAfter),
      toText(result.fraction ?? ratio('9')),
    ]).toEqual(['Bitcoin -5 %', '990', '-0.01']);
  });
});

describe('a gap through all stops', () => {
  it('fills each stop worse by the gap', () => {
    const result = gapThroughStops(input({ protections: [stopFor(btc, '95')] }), ratio('0.02'));
    // 95 x 0.98 = 93.1: -6.9 x 2.
    expect(summary(result)).toEqual(['-13.8', 'stopped']);
  });

  it('fills each of several stops worse by the gap', () => {
    const half = (at: string) => stopFor(btc, at, { stopQty: qty('1') });
    const protections = [half('95'), half('90')];
    // 95 x 0.98 = 93.1 and 90 x 0.98 = 88.2.
    expect(summary(gapThroughStops(input({ protections }), ratio('0.02')))).toEqual([
      '-18.7',
      'stopped',
    ]);
  });

  it('liquidates what the gap carries beyond its liquidation, and what has no full stop', () => {
    expect(
      summary(gapThroughStops(input({ protections: [stopFor(btc, '82')] }), ratio('0.02'))),
    ).toEqual(['-20', 'liquidated']);
    expect(summary(gapThroughStops(input()))).toEqual(['-20', 'liquidated']);
    const half = [stopFor(btc, '95', { stopQty: qty('1') })];
    expect(summary(gapThroughStops(input({ protections: half })))).toEqual(['-20', 'liquidated']);
  });
});

describe('funding for a day', () => {
  const rate = (symbol: string, text: string, intervalHours: number): [string, FundingRate] => [
    symbol,
    { symbol, rate: ratio(text), intervalHours, nextAt: 0 },
  ];

  it('is paid by longs and received by shorts at a positive rate, times the intervals of a day', () => {
    const rates = new Map([rate('BTCUSDT', '0.0001', 8), rate('DOGEUSDT', '0.0002', 4)]);
    // -200 x 0.0001 x 3 + 300 x 0.0002 x 6.
    expect(toText(fundingForADay([btc, doge], rates).change)).toBe('0.3');
  });

  it('names the symbols whose rate is unknown', () => {
    expect(fundingForADay([btc, doge], new Map([rate('BTCUSDT', '0.0001', 8)])).unknown).toEqual([
      'DOGEUSDT',
    ]);
  });
});

describe('the order of liquidation', () => {
  it('is by distance from the mark, nearest first', () => {
    const near = position({ ...btc, id: 'near', liquidationPrice: price('95') });
    const none = position({ id: 'none' });
    const { liquidationPrice: _none, ...unknown } = none;
    const rows = liquidationOrder([btc, doge, near, unknown]);
    expect(rows.map((row) => [row.positionId, toText(row.distance)])).toEqual([
      ['near', '0.05'],
      ['b', '0.195'],
      ['d', '0.195'],
    ]);
  });

  it('shows a distance of 0 where liquidation is reached', () => {
    const gone = position({ ...btc, liquidationPrice: price('101') });
    expect(liquidationOrder([gone])[0]?.distance).toBe(0n);
  });
});
