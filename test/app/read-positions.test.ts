import { describe, expect, it } from 'vitest';
import { describePositions } from '../../src/app/read-positions.ts';
import { price, qty, usd } from '../../src/domain/money.ts';
import type { ProtectiveOrder } from '../../src/domain/position.ts';
import { account, position, NOW } from '../risk/fixtures.ts';

const half = (id: string, stopQty: string, stopPrice = '95'): ProtectiveOrder => ({
  id,
  symbol: 'BTCUSDT',
  positionId: 'p1',
  stopPrice: price(stopPrice),
  stopQty: qty(stopQty),
});
const view = (protections: readonly ProtectiveOrder[]) =>
  describePositions(
    { account: account({}), positions: [position()], protections, openOrders: [], at: NOW },
    'no price',
  ).positions[0];

describe('a position with stops for parts of it', () => {
  it('is protected from the step on at which they add up to its size', () => {
    expect(view([half('a', '0.6'), half('b', '0.4')])?.protected).toBe(true);
    expect(view([half('a', '0.6'), half('b', '0.399')])?.protected).toBe(false);
    // Above the price of now, and beyond liquidation, a stop protects nothing.
    expect(view([half('a', '0.6'), half('b', '0.4', '101')])?.protected).toBe(false);
    expect(view([half('a', '0.6'), half('b', '0.4', '80')])?.protected).toBe(false);
  });

  it('shows the result of the part that the stop covers', () => {
    expect(view([half('a', '0.6')])?.resultAtStop).toBe(usd('-3'));
  });
});
