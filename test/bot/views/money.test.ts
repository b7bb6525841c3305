import { describe, expect, it } from 'vitest';
import { percentText, priceText, qtyText, signedUsd } from '../../../src/bot/views/money.ts';
import { price, qty, ratio, usd, usdText } from '../../../src/domain/money/money.ts';

const DIGITS = new Map([['BTCUSDT', { price: 1, qty: 4 }]]);

describe('figures in the chat', () => {
  it('show money with two decimals, separators and a sign for gains', () => {
    expect(usdText(usd('1234567.895'))).toBe('1,234,567.90 USDT');
    expect(signedUsd(usd('12.3'))).toBe('+12.30 USDT');
    expect(signedUsd(usd('-1234.5'))).toBe('-1,234.50 USDT');
    expect(signedUsd(usd('0'))).toBe('0.00 USDT');
    expect(signedUsd(usd('-0.001'))).toBe('0.00 USDT');
  });

  it('give no plus sign to what rounds to zero', () => {
    expect(signedUsd(usd('0.001'))).toBe('0.00 USDT');
  });

  it("show prices and quantities with the instrument's decimals, or with all they have", () => {
    expect(priceText(price('27123.45'), 'BTCUSDT', DIGITS)).toBe('27,123.4');
    expect(priceText(price('0.00001234'), 'PEPEUSDT', DIGITS)).toBe('0.00001234');
    expect(qtyText(qty('0.3'), 'BTCUSDT', DIGITS)).toBe('0.3000');
  });

  it('show fractions as percent with two decimals', () => {
    expect(percentText(ratio('0.015'))).toBe('1.50 %');
    expect(percentText(ratio('-0.1'))).toBe('-10.00 %');
  });
});
