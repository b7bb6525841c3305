import { describe, expect, it } from 'vitest';
import { price, qty, ratio, toText, usd, type Usd } from '../../src/domain/money.ts';
import { check } from '../../src/risk/gate.ts';
import { sizeEntry, type SizingInput } from '../../src/risk/sizing.ts';
import { candidate, FREE_LIMITS, gateInput, instrument, TIERS } from './fixtures.ts';

const SMALL_TIER = {
  level: 1,
  from: usd('0'),
  to: usd('400'),
  maxLeverage: 20,
  maintenanceRate: ratio('0.004'),
};

const PLENTY = usd('1000000');

const input = (over: Partial<SizingInput> = {}): SizingInput => ({
  side: 'long',
  entry: price('100'),
  stop: price('98.5'),
  leverage: 5,
  equity: usd('1000'),
  freeMargin: usd('1000'),
  dayBudget: PLENTY,
  heatLeft: PLENTY,
  categoryLeft: PLENTY,
  instrument: instrument(),
  tiers: TIERS,
  limits: FREE_LIMITS,
  ...over,
});

describe('the sizing examples at equity 1000, risk 1.5 %, leverage 5, entry 100, no costs', () => {
  it.each([
    { stop: '99.5', size: '10', notional: '1000', margin: '200', binding: 'position-margin' },
    { stop: '98.5', size: '10', notional: '1000', margin: '200', binding: 'risk-per-trade' },
    { stop: '98', size: '7.5', notional: '750', margin: '150', binding: 'risk-per-trade' },
    { stop: '95', size: '3', notional: '300', margin: '60', binding: 'risk-per-trade' },
  ])(
    'a stop at $stop gives $size bound by $binding',
    ({ stop, size, notional, margin, binding }) => {
      const sized = sizeEntry(input({ stop: price(stop) }));
      expect(toText(sized.qty)).toBe(size);
      expect(toText(sized.notional)).toBe(notional);
      expect(toText(sized.margin)).toBe(margin);
      expect(sized.boundBy.id).toBe(binding);
    },
  );

  it('has risk and margin bind exactly alike at a stop of 1.5 %', () => {
    const { caps } = sizeEntry(input());
    const allowed = new Map(caps.map((cap) => [cap.id, toText(cap.qty)]));
    expect(allowed.get('risk-per-trade')).toBe('10');
    expect(allowed.get('position-margin')).toBe('10');
  });

  it('mirrors for a short', () => {
    const sized = sizeEntry(input({ side: 'short', stop: price('102') }));
    expect(toText(sized.qty)).toBe('7.5');
  });
});

describe('sizeEntry', () => {
  const bindings: { over: Partial<SizingInput>; id: string; size: string }[] = [
    { over: { dayBudget: usd('6') }, id: 'daily-budget', size: '4' },
    { over: { heatLeft: usd('3') }, id: 'heat', size: '2' },
    { over: { categoryLeft: usd('1.5') }, id: 'category-heat', size: '1' },
    { over: { freeMargin: usd('100') }, id: 'free-margin', size: '5' },
    {
      over: { instrument: instrument({ maxMarketQty: qty('2.5') }) },
      id: 'max-quantity',
      size: '2.5',
    },
    { over: { tiers: [SMALL_TIER] }, id: 'tier', size: '4' },
  ];
  it.each(bindings)('names $id when it binds', ({ over, id, size }) => {
    const sized = sizeEntry(input(over));
    expect([sized.boundBy.id, toText(sized.qty)]).toEqual([id, size]);
  });

  it('rounds down to the step', () => {
    expect(toText(sizeEntry(input({ dayBudget: usd('1.4999') })).qty)).toBe('0.999');
  });

  it('gives nothing below the minimum quantity and the minimum itself at it', () => {
    expect(sizeEntry(input({ dayBudget: usd('0.0044') })).qty).toBe(0n);
    expect(toText(sizeEntry(input({ dayBudget: usd('0.0045') })).qty)).toBe('0.003');
  });

  it('puts fees of both legs and slippage of both fills inside the risk', () => {
    const limits = {
      ...FREE_LIMITS,
      takerFee: ratio('0.0006'),
      slippage: ratio('0.0005'),
    };
    const sized = sizeEntry(
      input({ limits, instrument: instrument({ step: qty('0.000000000000000001') }) }),
    );
    // Unit: fills at 100.05 and 98.45075; fees 0.0006 x 198.50075.
    const unit = 1.59925 + 0.0006 * 198.50075;
    expect(Number(toText(sized.qty))).toBeCloseTo(15 / unit, 9);
    expect(sized.risk <= usd('15') + 1n && sized.risk > usd('14.999')).toBe(true);
  });

  it('gives nothing where a budget is used up or negative', () => {
    expect(sizeEntry(input({ freeMargin: usd('-3') })).qty).toBe(0n);
    expect(sizeEntry(input({ dayBudget: 0n as Usd })).boundBy.id).toBe('daily-budget');
  });

  it('refuses a stop on the winning side', () => {
    expect(() => sizeEntry(input({ stop: price('101') }))).toThrow(RangeError);
  });
});

describe('the gate', () => {
  it('approves the plain example with costs and names the binding limit', () => {
    const verdict = check(gateInput());
    expect(verdict).toMatchObject({
      kind: 'approved',
      boundBy: 'risk-per-trade',
      entry: { leverage: 5, plan: { boundBy: 'risk per trade' } },
    });
  });

  it('chooses less leverage where the volatility is higher', () => {
    const leverageAt = (atrFraction: number): number | undefined => {
      const verdict = check(gateInput({ candidate: candidate({ atrFraction }) }));
      return verdict.kind === 'approved' ? verdict.entry.leverage : undefined;
    };
    expect([0.004, 0.0075, 0.009, 0.014, 0.02, 0.06].map(leverageAt)).toEqual([5, 5, 4, 3, 2, 1]);
  });
});
