import { describe, expect, it } from 'vitest';
import { equityOf, walletOf } from '../../src/domain/account.ts';
import { price, qty, toText, usd } from '../../src/domain/money/money.ts';
import {
  distance,
  pnlOf,
  stopReached,
  stopsOf,
  targetReached,
  towardsLoss,
  towardsProfit,
  type ProtectiveOrder,
} from '../../src/domain/position.ts';
import { account, position, stopFor } from '../risk/fixtures.ts';

describe('equity', () => {
  it('is available + frozen + margin + open profit, with the bonus counted once', () => {
    const of = account({
      available: usd('812.4471'),
      frozen: usd('15.2'),
      margin: usd('172.3528'),
      unrealisedPnl: usd('-4.1172'),
      bonus: usd('50'),
    });
    expect([toText(walletOf(of)), toText(equityOf(of))]).toEqual(['999.9999', '995.8827']);
  });
});

describe('profit and loss', () => {
  it('has opposite signs for the two sides', () => {
    const move = { entry: price('100'), exit: price('98.5') };
    expect(toText(pnlOf({ side: 'long', qty: qty('10') }, move))).toBe('-15');
    expect(toText(pnlOf({ side: 'short', qty: qty('10') }, move))).toBe('15');
  });

  it('moves prices towards loss and profit by side', () => {
    const at = price('100');
    const by = price('2');
    expect([towardsLoss(at, by, 'long'), towardsLoss(at, by, 'short')].map(toText)).toEqual([
      '98',
      '102',
    ]);
    expect([towardsProfit(at, by, 'long'), towardsProfit(at, by, 'short')].map(toText)).toEqual([
      '102',
      '98',
    ]);
    expect(toText(distance(price('98'), at))).toBe('2');
  });
});

describe('reaching a price', () => {
  it.each([
    ['long', '99.99', true, false],
    ['long', '100', true, true],
    ['long', '100.01', false, true],
    ['short', '99.99', false, true],
    ['short', '100', true, true],
    ['short', '100.01', true, false],
  ] as const)('%s with both at 100 and the mark at %s: stop %s, target %s', (...row) => {
    const [side, mark, stop, target] = row;
    expect([
      stopReached(side, price('100'), price(mark)),
      targetReached(side, price('100'), price(mark)),
    ]).toEqual([stop, target]);
  });
});

describe('the largest of the stops', () => {
  const held = position({ qty: qty('2') });

  it('is absent without a stop of this position', () => {
    expect(stopsOf(held, [stopFor(position({ id: 'other' }), '90')]).largest).toBeUndefined();
  });

  it('prefers the stop that covers more, and never covers more than the position', () => {
    const half = stopFor(held, '99', { stopQty: qty('1') });
    const oversized = stopFor(held, '95', { stopQty: qty('5') });
    expect(stopsOf(held, [half, oversized]).largest).toEqual({
      price: price('95'),
      covers: qty('2'),
    });
  });

  it('takes the one that is reached first of two that cover alike, in either order', () => {
    const near = stopFor(held, '99');
    const far = stopFor(held, '95');
    expect(
      [stopsOf(held, [near, far]), stopsOf(held, [far, near])]
        .map(({ largest }) => largest?.price)
        .map((each) => toText(each ?? price('0'))),
    ).toEqual(['99', '99']);
    const short = position({ side: 'short' });
    expect(
      toText(
        stopsOf(short, [stopFor(short, '105'), stopFor(short, '101')]).largest?.price ?? price('0'),
      ),
    ).toBe('101');
  });
});

describe('stopsOf', () => {
  const shown = ({ parts }: ReturnType<typeof stopsOf>): string[] =>
    parts.map(({ price: at, covers }) => `${toText(covers)} at ${toText(at)}`);

  it('lists the parts in the order in which the price reaches them, whatever the order of the list', () => {
    const held = position({ qty: qty('3') });
    const near = stopFor(held, '99', { stopQty: qty('1') });
    const next = stopFor(held, '97', { stopQty: qty('1.5') });
    const whole = stopFor(held, '95');
    const other = stopFor(position({ id: 'other' }), '98');
    expect(shown(stopsOf(held, [whole, other, next, near]))).toEqual([
      '1 at 99',
      '1.5 at 97',
      '0.5 at 95',
    ]);
    const short = position({ side: 'short', qty: qty('3') });
    const [far, close] = [stopFor(short, '105'), stopFor(short, '101', { stopQty: qty('2') })];
    expect(shown(stopsOf(short, [far, close]))).toEqual(['2 at 101', '1 at 105']);
  });

  it('never covers more than the position, and leaves out what is behind a full one', () => {
    const held = position({ qty: qty('2') });
    const oversized = stopFor(held, '98', { stopQty: qty('5') });
    expect(shown(stopsOf(held, [oversized, stopFor(held, '95')]))).toEqual(['2 at 98']);
    expect(stopsOf(held, [])).toEqual({
      parts: [],
      partTargets: [],
      resting: [],
      uncovered: qty('2'),
    });
  });
});

describe('the target', () => {
  it('is the resting target of the position', () => {
    const held = position();
    const { stopPrice: _none, ...target } = stopFor(held, '1', { targetPrice: price('110') });
    expect(stopsOf(held, [target]).target).toBe(price('110'));
    expect(stopsOf(held, [stopFor(held, '90')]).target).toBeUndefined();
  });

  it('with a size of its own is for all of it where that is its whole size, until a part was closed', () => {
    const held = position({ qty: qty('2') });
    const sized = (of: string): ProtectiveOrder => {
      const { stopPrice: _none, ...target } = stopFor(held, '1', { targetPrice: price('110') });
      return { ...target, targetQty: qty(of) };
    };
    expect(stopsOf(held, [sized('2')])).toMatchObject({ target: price('110'), partTargets: [] });
    const part = { partTargets: [{ price: price('110') }] };
    expect(stopsOf(held, [sized('1.999')])).toMatchObject(part);
    // It was for a part of more than that once, or may have been.
    for (const since of [{ realisedGross: usd('-0.01') }, { costsUnknown: true }] as const)
      expect(stopsOf({ ...held, ...since }, [sized('2')])).toMatchObject(part);
  });
});
