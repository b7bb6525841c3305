import { describe, expect, it } from 'vitest';
import {
  contradictionOf,
  unseenFrozen,
  unseenMargin,
} from '../../src/domain/money/locked-money.ts';
import { price, qty, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { account, order, position } from '../risk/fixtures.ts';

/** Of so little value that only the margin as listed counts. */
const held = (...margins: string[]) =>
  margins.map((margin, at) =>
    position({ id: `p${at}`, margin: usd(margin), qty: qty('0.000001'), unrealisedPnl: ZERO_USD }),
  );
const unseen = (margin: string, ...margins: string[]) =>
  unseenMargin({ margin: usd(margin) }, held(...margins));

describe('margin in use that no listed position accounts for', () => {
  it('is all of it where nothing is listed, and nothing where it is dust', () => {
    expect(unseen('0')).toBe(ZERO_USD);
    expect(unseen('0.01')).toBe(ZERO_USD);
    expect(unseen('0.010000000000000001')).toBe(usd('0.010000000000000001'));
    expect(unseen('40')).toBe(usd('40'));
    expect(unseen('-1')).toBe(ZERO_USD);
  });

  it('is nothing within half a USDT a position and a tenth, and all that is missing beyond', () => {
    expect(unseen('100', '89.5')).toBe(ZERO_USD);
    expect(unseen('100', '89.49')).toBe(usd('10.51'));
    expect(unseen('100', '49.5', '39.5')).toBe(ZERO_USD);
    expect(unseen('100', '49.5', '39.49')).toBe(usd('11.01'));
    expect(unseen('100', '150')).toBe(ZERO_USD);
  });

  it.each([
    ['long', '400'],
    ['short', '-400'],
  ] as const)('is nothing where a %s is held whose price ran away by 40 %', (side, pnl) => {
    const run = position({
      side,
      qty: qty('10'),
      entryPrice: price('100'),
      leverage: 10,
      margin: usd('100'),
      unrealisedPnl: usd(pnl),
    });
    const seen = (margin: string) => unseenMargin({ margin: usd(margin) }, [run]);
    expect(seen('140')).toBe(ZERO_USD);
    // 140 at the price of now, half a USDT of rounding, and a tenth.
    expect(seen('156.111111111111111111')).toBe(ZERO_USD);
    expect(seen('156.111111111111111112')).toBe(usd('16.111111111111111112'));
  });

  it('shows which of two positions is missing from the list', () => {
    expect(unseen('240', '200')).toBe(usd('40'));
    expect(unseen('240', '200', '40')).toBe(ZERO_USD);
  });

  it('contradicts the list, in a sentence with the amount', () => {
    const reading = (margin: string, ...margins: string[]) =>
      contradictionOf({ account: account({ margin: usd(margin) }), positions: held(...margins) });
    expect(reading('0')).toBeUndefined();
    expect(reading('40', '40')).toBeUndefined();
    expect(reading('40')).toBe(
      '40.00 USDT of margin is in use for a position that the exchange does not list',
    );
  });
});

describe('money that entry orders lock although none is listed', () => {
  it.each([
    ['no order', '0', [], '0'],
    ['no order', '15', [], '15'],
    ['an order that only reduces', '15', [order({ reduceOnly: true })], '15'],
    ['an entry order', '15', [order()], '0'],
    ['no order', '-15', [], '0'],
  ])('with %s and %s frozen', (_what, frozen, orders, expected) => {
    expect(unseenFrozen({ frozen: usd(frozen) }, orders)).toBe(usd(expected));
  });
});
