import { describe, expect, it } from 'vitest';
import { price, qty, ratio, toText, usd, type Usd } from '../../src/domain/money/money.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import {
  sizeAtBestLeverage,
  sizeEntry,
  type CapId,
  type SizingInput,
} from '../../src/risk/gate/sizing.ts';
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
  jumpLeft: PLENTY,
  smallestRisk: usd('0'),
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

const more = <T extends bigint>(value: T, units: bigint): T => (value + units) as T;
/** One unit of the fixed point is the step here, so that no cap is rounded away. */
const FINE = { step: qty('0.000000000000000001'), minQty: qty('0.000000000000000001') };
const fine = instrument(FINE);
/** The second step of this ladder would bring liquidation, at 5x, to where the stop is. */
const STEEP = [SMALL_TIER, { ...SMALL_TIER, to: usd('900'), maintenanceRate: ratio('0.19') }];

/** For each cap what it is made of, off by so many units, and the quantity that it allows exactly. */
const CAPS: { [Id in CapId]: { at: string; off: (units: bigint) => Partial<SizingInput> } } = {
  'risk-per-trade': {
    at: '7.5',
    off: (units) => ({ stop: price('98'), equity: more(usd('1000'), units) }),
  },
  'daily-budget': { at: '4', off: (units) => ({ dayBudget: more(usd('6'), units) }) },
  heat: { at: '2', off: (units) => ({ heatLeft: more(usd('3'), units) }) },
  'category-heat': { at: '1', off: (units) => ({ categoryLeft: more(usd('1.5'), units) }) },
  // One unit loses 10 in a jump of 10 %.
  jump: { at: '4', off: (units) => ({ jumpLeft: more(usd('40'), units) }) },
  'position-margin': {
    at: '10',
    off: (units) => ({ stop: price('99.5'), equity: more(usd('1000'), units) }),
  },
  'free-margin': { at: '5', off: (units) => ({ freeMargin: more(usd('100'), units) }) },
  tier: {
    at: '4',
    off: (units) => ({ tiers: [{ ...SMALL_TIER, to: more(usd('400'), units) }] }),
  },
  liquidation: {
    at: '4',
    off: (units) => ({
      tiers: STEEP.map((each, n) => (n === 0 ? { ...each, to: more(each.to, units) } : each)),
    }),
  },
  'max-quantity': {
    at: '2.5',
    off: (units) => ({
      instrument: instrument({ ...FINE, maxMarketQty: more(qty('2.5'), units) }),
    }),
  },
  approved: { at: '3', off: (units) => ({ maxQty: more(qty('3'), units) }) },
};

describe('each cap at its boundary, one unit to either side', () => {
  it.each(Object.entries(CAPS))('%s', (id, { at, off }) => {
    const sized = (units: bigint) => sizeEntry(input({ instrument: fine, ...off(units) }));
    const exact = sized(0n);
    expect([exact.boundBy.id, toText(exact.qty)]).toEqual([id, at]);
    expect(sized(-1n).qty).toBeLessThan(exact.qty);
    expect(sized(-1n).boundBy.id).toBe(id);
    expect(sized(1n).qty).toBeGreaterThanOrEqual(exact.qty);
  });

  it('the minimum quantity passes, a unit under it gives nothing', () => {
    const least = instrument({ minQty: qty('0.5'), step: FINE.step });
    const sized = (units: bigint) =>
      sizeEntry(input({ instrument: least, maxQty: more(qty('0.5'), units) })).qty;
    expect([sized(-1n), toText(sized(0n)), sized(1n) > sized(0n)]).toEqual([0n, '0.5', true]);
  });
});

describe('sizeAtBestLeverage', () => {
  const at = (over: Partial<SizingInput>, range = { most: 5, least: 1 }) => {
    const { sizing, leverage } = sizeAtBestLeverage(input(over), range);
    return [leverage, toText(sizing.qty), sizing.boundBy.id];
  };

  it('takes the highest leverage where nothing is gained by less', () => {
    expect(at({})).toEqual([5, '10', 'risk-per-trade']);
  });

  it('takes less where a risk tier allows more then, and no less than that', () => {
    const tiers = [
      { ...SMALL_TIER, to: usd('300'), maxLeverage: 5 },
      { ...SMALL_TIER, to: usd('700'), maxLeverage: 4 },
      { ...SMALL_TIER, to: usd('900'), maxLeverage: 3 },
    ];
    expect(at({ tiers })).toEqual([4, '7', 'tier']);
    expect(at({ tiers }, { most: 5, least: 5 })).toEqual([5, '3', 'tier']);
  });

  it('takes the higher of two that allow the same', () => {
    const tiers = [
      { ...SMALL_TIER, to: usd('300'), maxLeverage: 5 },
      { ...SMALL_TIER, to: usd('700'), maxLeverage: 3 },
    ];
    expect(at({ tiers }, { most: 5, least: 4 })).toEqual([5, '3', 'tier']);
    expect(at({ tiers }, { most: 5, least: 2 })).toEqual([3, '6', 'position-margin']);
  });

  it('takes less where liquidation is far enough only then', () => {
    const tiers = [{ ...SMALL_TIER, to: usd('9000'), maintenanceRate: ratio('0.18') }];
    expect(at({ tiers })).toEqual([4, '8', 'position-margin']);
  });
});

describe('sizeEntry', () => {
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
    const verdict = checkEntry(gateInput());
    expect(verdict).toMatchObject({
      kind: 'approved',
      boundBy: 'risk-per-trade',
      entry: { leverage: 5, plan: { boundBy: 'the risk per trade' } },
    });
  });

  it('chooses less leverage where the volatility is higher', () => {
    const leverageAt = (atrFraction: number): number | undefined => {
      const verdict = checkEntry(gateInput({ candidate: candidate({ atrFraction }) }));
      return verdict.kind === 'approved' ? verdict.entry.leverage : undefined;
    };
    expect([0.004, 0.0075, 0.009, 0.014, 0.02, 0.06].map(leverageAt)).toEqual([5, 5, 4, 3, 2, 1]);
  });
});
