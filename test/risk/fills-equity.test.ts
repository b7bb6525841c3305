import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equityOf } from '../../src/domain/account.ts';
import { abs, price, sub, toText, usd } from '../../src/domain/money/money.ts';
import type { Fill } from '../../src/domain/order.ts';
import { equityFromFills } from '../../src/risk/state/fills-equity.ts';
import { bookOf, type Book } from '../../src/risk/state/risk-state.ts';
import { amountOf, ExchangeModel } from './exchange-model.ts';
import { NOW } from './fixtures.ts';

const symbol = fc.constantFrom('AUSDT', 'BUSDT');
const side = fc.constantFrom('long' as const, 'short' as const);
const closingSide = fc.constantFrom('action' as const, 'requested' as const);
const move = fc.oneof(
  fc.record({
    kind: fc.constant('open' as const),
    symbol,
    side,
    units: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant('close' as const), symbol, side, tenths: fc.constantFrom(3, 10) }),
  fc.record({ kind: fc.constant('price' as const), symbol, to: fc.integer({ min: 60, max: 150 }) }),
  fc.record({ kind: fc.constant('pay' as const), amount: fc.integer({ min: -500, max: 500 }) }),
);
type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never;

function live(exchange: ExchangeModel, moves: readonly Move[]): bigint {
  let flow = 0n;
  for (const each of moves) {
    exchange.now += 1_000;
    if (each.kind === 'open') exchange.buyIn(each.symbol, each.side, amountOf(each.units));
    else if (each.kind === 'close') exchange.close(each.symbol, each.side, each.tenths);
    else if (each.kind === 'price') exchange.marks.set(each.symbol, price(String(each.to)));
    else {
      exchange.pay(usd(String(each.amount)));
      flow += usd(String(each.amount));
    }
  }
  return flow;
}

describe('equity from fills', () => {
  it('is the account equity, to 1e-9, whatever was open when the day began', () => {
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 25 }),
        fc.array(move, { maxLength: 25 }),
        closingSide,
        (before, after, printed) => {
          const exchange = new ExchangeModel(NOW, '10000', printed);
          live(exchange, before);
          const equity = equityOf(exchange.account());
          const book: Book = { at: exchange.now, equity, rows: bookOf(exchange.positions()) };
          const cashFlow = live(exchange, after) as typeof equity;
          const marks = new Map(
            ['AUSDT', 'BUSDT'].map((each) => [each, exchange.marks.get(each) ?? price('100')]),
          );
          const positions = exchange.positions();
          const found = equityFromFills(book, {
            fills: exchange.fills,
            positions,
            marks,
            cashFlow,
          });
          const off = abs(sub(found ?? usd('0'), equityOf(exchange.account())));
          expect(Number(toText(off))).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is unknown where a fill since the book does not say its fee', () => {
    const exchange = new ExchangeModel(NOW, '10000');
    const book: Book = { at: NOW - 1, equity: usd('10000'), rows: [] };
    exchange.buyIn('AUSDT', 'long', amountOf(10));
    const marks = new Map([['AUSDT', price('100')]]);
    const from = (fills: readonly Fill[]) =>
      equityFromFills(book, {
        fills,
        positions: exchange.positions(),
        marks,
        cashFlow: usd('0'),
      });
    expect(from(exchange.fills)).toBeDefined();
    const bare = exchange.fills.map((each) => ({ ...each, feeUnknown: true as const }));
    expect(from(bare)).toBeUndefined();
    const older = bare.map((each) => ({ ...each, at: NOW - 1 }));
    expect(from([...older, ...exchange.fills])).toBeDefined();
  });

  it('is unknown while something is open that has no price', () => {
    const exchange = new ExchangeModel(NOW, '10000');
    const book: Book = { at: NOW - 1, equity: usd('10000'), rows: [] };
    exchange.buyIn('AUSDT', 'long', amountOf(10));
    const positions = exchange.positions();
    const seen = { fills: exchange.fills, positions, marks: new Map(), cashFlow: usd('0') };
    expect(equityFromFills(book, seen)).toBeUndefined();
  });
});
