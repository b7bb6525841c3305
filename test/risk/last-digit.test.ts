import { describe, expect, it } from 'vitest';
import { price, qty, ratio, toText, usd, type Usd } from '../../src/domain/money/money.ts';
import { applyCashFlow, restated } from '../../src/risk/state/cash-flow.ts';
import { entryFill, exitFill, pnlOfExit, unitLossAtStop } from '../../src/risk/terms/costs.ts';
import { dayLossOf, drawdownOf } from '../../src/risk/state/day-loss.ts';
import { heatOfPosition } from '../../src/risk/terms/heat.ts';
import { sizeEntry, type CapId, type SizingInput } from '../../src/risk/gate/sizing.ts';
import {
  FREE_LIMITS,
  instrument,
  position,
  riskState,
  stopFor,
  TIERS,
  WIDEST,
} from './fixtures.ts';

const UNIT = '0.000000000000000001';
const PLENTY = usd('1000000');
const NO_COSTS = { takerFee: ratio('0'), slippage: ratio('0') };

describe('the last digit of costs', () => {
  it('worsens every fill: 0.05 % of a hundred and a unit is more than 0.05', () => {
    const at = price('100.000000000000000001');
    const slip = ratio('0.0005');
    expect(toText(entryFill(at, 'long', slip))).toBe('100.050000000000000002');
    expect(toText(entryFill(at, 'short', slip))).toBe('99.95');
    expect(toText(exitFill(at, 'long', slip))).toBe('99.95');
    expect(toText(exitFill(at, 'short', slip))).toBe('100.050000000000000002');
  });

  it('raises the fees of a unit: 199.5 units of fee are 200', () => {
    const trade = { side: 'long', entry: price('100.5'), stop: price('99') } as const;
    const unit = unitLossAtStop(trade, { ...NO_COSTS, takerFee: ratio(UNIT) });
    expect([toText(unit.fees), toText(unit.loss)]).toEqual([
      '0.0000000000000002',
      '1.5000000000000002',
    ]);
  });

  it('raises the fee of an exit, and the value that it is a part of', () => {
    const held = { side: 'long', qty: qty(UNIT), entryPrice: price('99.5') } as const;
    const lost = (takerFee: string) =>
      -pnlOfExit(held, price('99.5'), { ...NO_COSTS, takerFee: ratio(takerFee) });
    // The value is 99.5 units.
    expect([lost('1'), lost('0.001')]).toEqual([100n, 1n]);
  });
});

describe('the last digit of heat', () => {
  it('raises the share of the margin that no stop covers: a third of 10 units is 4', () => {
    const held = position({
      qty: qty('3'),
      margin: usd('0.00000000000000001'),
      unrealisedPnl: usd('3'),
    });
    const { liquidationPrice: _unknown, ...open } = held;
    const stop = stopFor(open, '100', { stopQty: qty('2') });
    const heat = heatOfPosition(open, [stop], { equity: PLENTY, costs: NO_COSTS });
    expect([heat.basis, heat.loss]).toEqual(['stop for a part', 4n]);
  });
});

describe('the last digit of a size', () => {
  const fine = instrument({ step: qty(UNIT), minQty: qty(UNIT), maxMarketQty: qty('1000000') });
  const sized = (over: Partial<SizingInput>) =>
    sizeEntry({
      side: 'long',
      entry: price('100'),
      stop: price('99'),
      leverage: 5,
      equity: PLENTY,
      freeMargin: PLENTY,
      dayBudget: PLENTY,
      heatLeft: PLENTY,
      categoryLeft: PLENTY,
      jumpLeft: PLENTY,
      smallestRisk: usd('0'),
      instrument: fine,
      tiers: TIERS,
      limits: FREE_LIMITS,
      ...over,
    });
  const allowed = (id: CapId, over: Partial<SizingInput>) =>
    sized(over)
      .caps.filter((cap) => cap.id === id)
      .map((cap) => toText(cap.qty))
      .join();

  it('lowers what a budget pays for: 10 at 3 a unit', () => {
    const over = { stop: price('97'), dayBudget: usd('10') };
    expect(allowed('daily-budget', over)).toBe('3.333333333333333333');
    expect(toText(sized(over).qty)).toBe('3.333333333333333333');
  });

  it('lowers the shares of equity that risk and margin may use', () => {
    expect(allowed('risk-per-trade', { equity: usd('1000.000000000000000033') })).toBe('15');
    const cheap = { entry: price('1'), stop: price('0.99') };
    const equity = usd('1000.000000000000000003');
    expect(allowed('position-margin', { ...cheap, equity })).toBe('1000');
  });

  it('raises the margin of a unit that free margin has to pay: a third of 100', () => {
    const over = { leverage: 3, freeMargin: usd('1000') };
    expect(allowed('free-margin', over)).toBe('29.999999999999999999');
  });

  it('raises value, margin, risk and fees of what is bought', () => {
    const { qty: bought, ...sizing } = sized({
      entry: price('100.5'),
      maxQty: qty('1.000000000000000001'),
      limits: { ...FREE_LIMITS, takerFee: ratio('0.1') },
    });
    expect(toText(bought)).toBe('1.000000000000000001');
    // In units beyond the plain figures: 100.5, a fifth of 101, 21.45 and 19.95.
    expect(toText(sizing.notional)).toBe('100.500000000000000101');
    expect(toText(sizing.margin)).toBe('20.100000000000000021');
    expect(toText(sizing.risk)).toBe('21.450000000000000022');
    expect(toText(sizing.fees)).toBe('19.95000000000000002');
  });
});

describe('the last digit of limits and baselines', () => {
  const units = (value: bigint): Usd => value as Usd;

  it('lowers the loss at which a limit trips, and the share that is shown of it', () => {
    const state = riskState({ dayStartEquity: units(101n), peakEquity: units(109n) });
    expect(dayLossOf(state, units(98n), WIDEST)).toMatchObject({ loss: 3n, limit: 3n });
    expect(drawdownOf(state, units(99n), WIDEST)).toMatchObject({ fall: 10n, limit: 10n });
    const three = riskState({ dayStartEquity: units(3n), peakEquity: units(3n) });
    const third = 333_333_333_333_333_333n;
    expect(dayLossOf(three, units(2n), WIDEST).fraction).toBe(third);
    expect(drawdownOf(three, units(2n), WIDEST).fraction).toBe(third);
  });

  it.each([
    { was: 10n, amount: -1n, equity: 2n, is: 7n },
    { was: 3n, amount: 1n, equity: 2n, is: 6n },
    { was: 4n, amount: -1n, equity: 1n, is: 2n },
    // Where nothing is or was left, by the amount.
    { was: 15n, amount: -10n, equity: 0n, is: 5n },
    { was: 15n, amount: 10n, equity: 10n, is: 25n },
  ])('restates $was to $is when $amount came and left $equity', ({ was, amount, equity, is }) => {
    const flow = { amount: units(amount), equity: units(equity) };
    expect(restated(units(was), flow)).toBe(is);
  });

  it('takes in a flow of one unit', () => {
    const flow = { amount: units(1n), equity: usd('1000') };
    expect(applyCashFlow(riskState(), flow).dayCashFlow).toBe(1n);
  });
});
