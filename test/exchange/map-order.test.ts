import { expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import { toFill, toOrder } from '../../src/exchange/bitunix/map-order.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import { FILL_ROW, ORDER_ROW } from './support/rows.ts';

const none = (): void => undefined;

function value<T>(mapped: Mapped<T>): T {
  if ('problem' in mapped) throw new Error(mapped.problem);
  return mapped.value;
}
const order = (change: object = {}) => value(toOrder({ ...ORDER_ROW, ...change }, none));

it('reads an order with its levels', () => {
  const mapped = order();
  expect(mapped).toMatchObject({
    id: '6819999999999999999',
    clientId: 'g1a2b3c4d5',
    side: 'buy',
    type: 'limit',
    status: 'new',
  });
  expect(
    [mapped.price, mapped.stopPrice, mapped.targetPrice].map((each) => toText(each ?? mapped.qty)),
  ).toEqual(['59000', '58000', '61000']);
});

it('has no price when the exchange writes "market"', () => {
  const mapped = order({ price: 'market', orderType: 'MARKET' });
  expect(mapped.type).toBe('market');
  expect(mapped.price).toBeUndefined();
});

it.each([
  ['NEW_', 'new'],
  ['INIT', 'new'],
  ['PART_FILLED', 'partly-filled'],
  ['FILLED', 'filled'],
  ['CANCELED', 'cancelled'],
  ['SYSTEM_CANCELED', 'cancelled'],
  ['PART_FILLED_CANCELED', 'partly-filled-cancelled'],
  ['EXPIRED', 'expired'],
])('reads status %s as %s', (status, expected) => {
  expect(order({ status }).status).toBe(expected);
});

it('reports an unknown status and calls it unknown', () => {
  const words: string[] = [];
  const mapped = value(
    toOrder({ ...ORDER_ROW, status: 'PONDERING' }, (_, word) => words.push(word)),
  );
  expect(mapped.status).toBe('unknown');
  expect(words).toEqual(['PONDERING']);
});

it('does not guess how much of a working order is filled', () => {
  expect(toOrder({ ...ORDER_ROW, status: 'PART_FILLED', tradeQty: null }, none)).toHaveProperty(
    'problem',
  );
});

it('reads a fill: fee as a cost, profit as price profit', () => {
  const fill = value(toFill({ ...FILL_ROW, fee: '-0.0235998', realizedPNL: '3.5' }, none));
  expect([toText(fill.fee), toText(fill.realisedGross), fill.role]).toEqual([
    '0.0235998',
    '3.5',
    'maker',
  ]);
});
