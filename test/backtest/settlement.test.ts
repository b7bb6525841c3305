import { expect, it } from 'vitest';
import {
  fundingHistoryOf,
  fundingReceived,
  settlementAt,
} from '../../src/backtest/trade/settlement.ts';
import { ratio, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';

const DAY_START = Date.UTC(2025, 9, 10);
const ASSUMED = ratio('0.0001');

it('without a history a long pays the assumed rate every 8 h, and a short receives nothing', () => {
  expect(settlementAt(DAY_START + 4 * HOUR, undefined, ASSUMED)).toBeUndefined();
  const settlement = settlementAt(DAY_START + 8 * HOUR, undefined, ASSUMED);
  expect(settlement).toEqual({ rate: ASSUMED, recorded: false });
  if (settlement === undefined) return;
  expect(fundingReceived('long', usd('1234.56789012'), settlement)).toBe(usd('-0.12345679'));
  expect(fundingReceived('short', usd('1234.56789012'), settlement)).toBe(ZERO_USD);
});

it('with a history both sides settle what it says, when it says, and nothing else', () => {
  const rows = [
    { at: DAY_START + 8 * HOUR + 2, rate: ratio('-0.0002') },
    { at: DAY_START + 4 * HOUR, rate: ratio('0.0003') },
  ];
  const history = fundingHistoryOf(rows, DAY_START);
  expect(settlementAt(DAY_START, history, ASSUMED)).toBeUndefined();
  const fourth = settlementAt(DAY_START + 4 * HOUR, history, ASSUMED);
  const eighth = settlementAt(DAY_START + 8 * HOUR, history, ASSUMED);
  if (fourth === undefined || eighth === undefined) throw new Error('nothing was settled');
  expect(fundingReceived('long', usd('1000'), fourth)).toBe(usd('-0.3'));
  expect(fundingReceived('short', usd('1000'), fourth)).toBe(usd('0.3'));
  expect(fundingReceived('long', usd('1000'), eighth)).toBe(usd('0.2'));
  expect(fundingReceived('short', usd('1000'), eighth)).toBe(usd('-0.2'));
});

it('assumes what lies before a history that one answer of the exchange did not hold', () => {
  const rows = Array.from({ length: 200 }, (_, n) => ({
    at: DAY_START - n * 8 * HOUR,
    rate: ratio('0.0005'),
  }));
  const history = fundingHistoryOf(rows, DAY_START - 500 * 8 * HOUR);
  const rateAt = (at: number) => settlementAt(at, history, ASSUMED)?.recorded;
  expect(rateAt(DAY_START - 199 * 8 * HOUR)).toBe(true);
  expect(rateAt(DAY_START - 200 * 8 * HOUR)).toBe(false);
  expect(fundingHistoryOf([], DAY_START)).toBeUndefined();
});
