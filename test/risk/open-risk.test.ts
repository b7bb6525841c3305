import { describe, expect, it } from 'vitest';
import { price, qty, toText, usd } from '../../src/domain/money/money.ts';
import { openRiskOf } from '../../src/risk/terms/open-risk.ts';
import { FREE_LIMITS, gateInput, order } from './fixtures.ts';

const riskOf = (over: Parameters<typeof order>[0]) => {
  const open = openRiskOf(gateInput({ openEntryOrders: [order(over)], limits: FREE_LIMITS }));
  return open === undefined
    ? undefined
    : [toText(open.atStake?.heat ?? usd('-1')), open.sameSide, open.unknownOrders];
};
const long = { side: 'buy', price: price('100'), stopPrice: price('99') } as const;
const short = { side: 'sell', price: price('100'), stopPrice: price('102') } as const;

describe('what a resting entry order can cost', () => {
  it('is its loss at its stop, for either side; only a buy is on the side of a long', () => {
    expect(riskOf(long)).toEqual(['1', 1, []]);
    expect(riskOf(short)).toEqual(['2', 0, []]);
  });

  it('is rounded up in the last digit', () => {
    expect(riskOf({ ...long, stopPrice: price('98.5'), qty: qty('1.000000000000000001') })).toEqual(
      ['1.500000000000000002', 1, []],
    );
  });

  it('is unknown without a price or a stop, and nothing for an order that only reduces', () => {
    const { price: _price, ...market } = order(long);
    const { stopPrice: _stop, ...bare } = order(long);
    const open = openRiskOf(
      gateInput({ openEntryOrders: [market, { ...bare, id: 'o2' }], limits: FREE_LIMITS }),
    );
    expect(open?.unknownOrders).toEqual(['o1', 'o2']);
    expect(riskOf({ ...long, reduceOnly: true })).toEqual(['0', 0, []]);
  });
});
