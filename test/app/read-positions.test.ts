import { describe, expect, it } from 'vitest';
import { describePositions } from '../../src/app/views/read-positions.ts';
import type { Ticker } from '../../src/domain/instrument.ts';
import { percent, price, qty, usd, type Price } from '../../src/domain/money/money.ts';
import type { ProtectiveOrder } from '../../src/domain/position.ts';
import { account, position, NOW } from '../risk/fixtures.ts';

const half = (id: string, stopQty: string, stopPrice = '95'): ProtectiveOrder => ({
  id,
  symbol: 'BTCUSDT',
  positionId: 'p1',
  stopPrice: price(stopPrice),
  stopQty: qty(stopQty),
});
const view = (protections: readonly ProtectiveOrder[], mark?: Price) =>
  describePositions(
    { account: account({}), positions: [position()], protections, openOrders: [], at: NOW },
    mark === undefined ? 'no price' : [{ symbol: 'BTCUSDT', mark, last: mark, at: NOW } as Ticker],
  ).positions[0];

describe('a position with stops for parts of it', () => {
  it('is protected from the step on at which they add up to its size', () => {
    expect(view([half('a', '0.6'), half('b', '0.4')])?.protected).toBe(true);
    expect(view([half('a', '0.6'), half('b', '0.399')])?.protected).toBe(false);
    // Above the price of now, and beyond liquidation, a stop protects nothing.
    expect(view([half('a', '0.6'), half('b', '0.4', '101')])?.protected).toBe(false);
    expect(view([half('a', '0.6'), half('b', '0.4', '80')])?.protected).toBe(false);
  });

  it('shows the result of all the parts that stops close, and the distance to the first of them', () => {
    expect(view([half('a', '0.6')])?.resultAtStops).toBe(usd('-3'));
    const both = view([half('a', '0.4', '90'), half('b', '0.6')], price('100'));
    expect(both?.resultAtStops).toBe(usd('-7'));
    expect(both?.stops.map((each) => each.price)).toEqual([price('95'), price('90')]);
    expect(both?.distanceToStop).toBe(percent('5'));
    expect(view([])?.resultAtStops).toBeUndefined();
  });
});
