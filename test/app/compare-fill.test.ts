import { describe, expect, it } from 'vitest';
import { compareFill, ENDED } from '../../src/app/approval/compare-fill.ts';
import { qty } from '../../src/domain/money/money.ts';
import type { OrderStatus } from '../../src/domain/order.ts';
import type { TradePlan } from '../../src/domain/proposal.ts';

const plan = { qty: qty('2.151') } as TradePlan;
const compare = (filled: string, ordered: string, status: OrderStatus = 'filled') =>
  compareFill({ plan }, { filledQty: qty(filled), qty: qty(ordered), status });

describe('a fill beside its approval', () => {
  it('is whole to the last digit or not', () => {
    expect(compare('2.151', '2.151')).toEqual({
      text: 'filled 2.151 of the 2.151 you approved',
      whole: true,
      inPart: false,
    });
    expect(compare('2.15', '2.15').whole).toBe(false);
  });

  it('names what the exchange cancelled', () => {
    expect(compare('0.86', '2.151', 'partly-filled-cancelled')).toEqual({
      text: 'filled 0.86 of the 2.151 you approved: the exchange cancelled the rest',
      whole: false,
      inPart: true,
    });
    expect(compare('2.15', '2.151', 'cancelled').inPart).toBe(true);
  });

  it.each(['new', 'partly-filled', 'unknown'] as const)(
    'says that the rest may come while the order is %s',
    (status) => {
      expect(ENDED).not.toContain(status);
      expect(compare('0.86', '2.151', status).text).toContain('the rest is still open');
    },
  );

  it('names the limits where less was ordered, and is a part from a tenth less on', () => {
    expect(compare('2', '2').text).toBe(
      'filled 2 of the 2.151 you approved: the limits allowed 2 when it was ordered',
    );
    expect(compare('1.9359', '1.9359').inPart).toBe(false);
    expect(compare('1.9358', '1.9358').inPart).toBe(true);
  });

  it('is compared with what was approved, not with what was planned later', () => {
    const of = { plan: { qty: qty('1') } as TradePlan, approvedQty: qty('2') };
    const order = { filledQty: qty('1'), qty: qty('1'), status: 'filled' as const };
    expect(compareFill(of, order).text).toContain('filled 1 of the 2 you approved');
  });
});
