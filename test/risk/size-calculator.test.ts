import { describe, expect, it } from 'vitest';
import { price, ratio, toText, usd } from '../../src/domain/money/money.ts';
import { calculateSize, type SizeQuestion } from '../../src/risk/gate/size-calculator.ts';
import {
  account,
  FREE_LIMITS,
  instrument,
  NOW,
  position,
  riskState,
  stopFor,
  TIERS,
} from './fixtures.ts';

const question = (over: Partial<SizeQuestion> = {}): SizeQuestion => ({
  symbol: 'ETHUSDT',
  entry: price('100'),
  stop: price('98'),
  account: account(),
  positions: [],
  protections: [],
  state: riskState(),
  instrument: instrument(),
  tiers: TIERS,
  limits: FREE_LIMITS,
  now: NOW,
  ...over,
});

const answer = (over: Partial<SizeQuestion> = {}) => {
  const result = calculateSize(question(over));
  if (result.kind === 'refused') throw new Error(result.refusal.sentence);
  return result.answer;
};

describe('calculateSize', () => {
  it('answers the sizing example with quantity, notional, margin, leverage, liquidation and the binding limit', () => {
    const { side, leverage, sizing, riskFraction, shareOfDayBudget } = answer();
    expect([side, leverage, toText(sizing.qty), toText(sizing.notional)]).toEqual([
      'long',
      4,
      '7.5',
      '750',
    ]);
    expect([toText(sizing.margin), toText(sizing.liquidationPrice ?? price('0'))]).toEqual([
      '187.5',
      '75.4',
    ]);
    expect([sizing.boundBy.label, toText(riskFraction)]).toEqual(['the risk per trade', '0.015']);
    expect(toText(shareOfDayBudget ?? ratio('9'))).toBe('0.5');
  });

  it('reads a stop above the entry as a short', () => {
    expect(answer({ stop: price('102') }).side).toBe('short');
  });

  it('takes the leverage that is asked for, up to the limit', () => {
    expect(answer({ leverage: 2 }).leverage).toBe(2);
    expect(answer({ leverage: 50 }).leverage).toBe(5);
  });

  it('counts what is open and what was lost today', () => {
    const held = position();
    const busy = answer({
      account: account({ available: usd('985') }),
      positions: [held],
      protections: [stopFor(held, '95')],
    });
    expect([busy.sizing.boundBy.id, toText(busy.dayBudget), toText(busy.sizing.qty)]).toEqual([
      'daily-budget',
      '10',
      '5',
    ]);
  });

  it('says so when the day allows nothing any more', () => {
    const spent = answer({ account: account({ available: usd('970') }) });
    expect([spent.sizing.qty, spent.sizing.boundBy.label, spent.shareOfDayBudget]).toEqual([
      0n,
      'what today may still lose',
      undefined,
    ]);
  });

  it('remarks a stop distance that the gate would refuse, and answers all the same', () => {
    const tight = answer({ stop: price('99.9') });
    expect(tight.remarks.map((each) => each.code)).toEqual(['stop-too-close']);
    expect(tight.sizing.qty > 0n).toBe(true);
  });

  it.each([
    [{ stop: price('100') }, 'stop-at-entry'],
    [{ entry: price('0') }, 'price-not-positive'],
    [{ account: account({ available: usd('0') }) }, 'equity-under-floor'],
  ] as const)('refuses what cannot be computed (%#)', (over, code) => {
    expect(calculateSize(question(over))).toMatchObject({ kind: 'refused', refusal: { code } });
  });
});
