import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equityOf, type Account } from '../../src/domain/account.ts';
import {
  abs,
  price,
  sub,
  toText,
  usd,
  type Price,
  type Usd,
} from '../../src/domain/money/money.ts';
import type { Fill } from '../../src/domain/order.ts';
import type { ClosedPosition, Position } from '../../src/domain/position.ts';
import { DAY } from '../../src/domain/time.ts';
import { toAccount } from '../../src/exchange/bitunix/map-account.ts';
import { toClosedPosition, toPosition } from '../../src/exchange/bitunix/map-position.ts';
import { toFundingSettlement } from '../../src/exchange/bitunix/map-market.ts';
import { toFill } from '../../src/exchange/bitunix/map-order.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import { equityFromFills } from '../../src/risk/state/fills-equity.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { fillsNeeded } from '../../src/risk/state/history-day.ts';
import { rebuildRiskState } from '../../src/risk/state/rebuild.ts';
import { bookOf, type Book } from '../../src/risk/state/risk-state.ts';
import {
  onPosition,
  placing,
  SYMBOLS,
  waiting,
  Wire,
  type Step,
} from '../simulator/venue/trading-wire.ts';
import { asList, START, type Json } from '../simulator/venue/venue-client.ts';

const valueOf = <T>(mapped: Mapped<T>): T => {
  if ('problem' in mapped) throw new Error(mapped.problem);
  return mapped.value;
};
const nobody = (): void => undefined;

/** The account as Vigil reads it, through the rows of the API and its own mapping. */
class Read {
  readonly wire: Wire;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  account(): Account {
    const row = this.wire.call('account', { marginCoin: 'USDT' });
    return valueOf(toAccount(row, this.wire.engine.ctx.time, nobody));
  }

  positions(): readonly Position[] {
    const rows = this.wire.rows('position/get_pending_positions');
    return rows.map((row) => valueOf(toPosition(row, nobody)).position);
  }

  closed(): readonly ClosedPosition[] {
    const rows = this.wire.rows('position/get_history_positions', 'positionList');
    return rows.map((row) => valueOf(toClosedPosition(row)).position).toReversed();
  }

  fills(): readonly Fill[] {
    const rows = this.wire.rows('trade/get_history_trades', 'tradeList');
    return rows.map((row) => valueOf(toFill(row, nobody))).toReversed();
  }

  marks(): ReadonlyMap<string, Price> {
    const rows = asList(this.wire.call('market/tickers', {}));
    return new Map(rows.map((row) => [String(row['symbol']), price(String(row['markPrice']))]));
  }

  settlements() {
    return new Map(
      SYMBOLS.map((symbol) => {
        const query: Json = { symbol, starTime: START + 1, limit: 200 };
        const rows = asList(this.wire.call('market/get_funding_rate_history', query));
        return [symbol, rows.map((row) => valueOf(toFundingSettlement(row)))] as const;
      }),
    );
  }
}

const off = (a: Usd | undefined, b: Usd): number =>
  a === undefined ? Infinity : Number(toText(abs(sub(a, b))));

const trading: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: placing },
  { weight: 5, arbitrary: onPosition },
  { weight: 2, arbitrary: waiting },
  {
    weight: 3,
    arbitrary: fc
      .record({ at: fc.nat({ max: 2 }), percent: fc.integer({ min: -12, max: 14 }) })
      .map(
        ({ at, percent }): Step =>
          (wire) =>
            wire.engine.move(at, 1 + percent / 100),
      ),
  },
);
const life = fc.array(trading, { minLength: 4, maxLength: 14 });
const settings = fc.record({
  mode: fc.constantFrom('HEDGE' as const, 'ONE_WAY' as const),
  closingSide: fc.constantFrom('action' as const, 'requested' as const),
});

/** An account that has lived up to the very start of a day, with what Vigil would note then. */
function upToMidnight(
  how: { readonly mode: 'HEDGE' | 'ONE_WAY'; readonly closingSide: 'action' | 'requested' },
  before: readonly Step[],
) {
  const wire = new Wire(how.mode, { closingSide: how.closingSide });
  for (const one of before) if (wire.engine.ctx.time < START + DAY / 2) one(wire);
  wire.engine.advance(START + DAY);
  const read = new Read(wire);
  const equity = equityOf(read.account());
  const book: Book = { at: START + DAY, equity, rows: bookOf(read.positions()) };
  const startPrices = read.marks();
  wire.engine.advance(START + DAY + 1);
  return { wire, read, book, startPrices };
}

describe('equity from fills', () => {
  it('is the account’s own after any day of trading, in both modes and both printings', () => {
    let checked = 0;
    fc.assert(
      fc.property(settings, life, life, (how, before, after) => {
        const { wire, read, book } = upToMidnight(how, before);
        for (const one of after) {
          one(wire);
          const seen = { fills: read.fills(), positions: read.positions(), marks: read.marks() };
          const more = { cashFlow: usd('0'), settlements: read.settlements() };
          const found = equityFromFills(book, { ...seen, ...more });
          expect(off(found, equityOf(read.account()))).toBeLessThan(1e-4);
          checked += 1;
        }
      }),
      { numRuns: 12 },
    );
    expect(checked).toBeGreaterThan(48);
  });
});

describe('the day’s result rebuilt from fills', () => {
  it('is the account’s own, in both modes and both printings', () => {
    let held = 0;
    fc.assert(
      fc.property(settings, life, life, (how, before, after) => {
        const { wire, read, book, startPrices } = upToMidnight(how, before);
        for (const one of after) if (wire.engine.ctx.time < book.at + DAY / 2) one(wire);
        const account = read.account();
        const base = { positions: read.positions(), closed: read.closed() };
        const needed = fillsNeeded(base, book.at);
        const rebuilt = rebuildRiskState(
          {
            ...base,
            account,
            fills: read.fills().filter(({ symbol, at }) => at >= (needed.get(symbol) ?? Infinity)),
            settlements: read.settlements(),
            startPrices,
            now: wire.engine.ctx.time,
          },
          DEFAULT_LIMITS,
        );
        expect(rebuilt).toMatchObject({ unproven: [], unsplit: [], unpriced: [] });
        held += rebuilt.held.length;
        const { dayFirstEquity, dayBook } = rebuilt.state;
        expect(off(dayFirstEquity, book.equity)).toBeLessThan(0.02);
        expect(dayBook.rows.filter(({ qty }) => qty !== 0n)).toHaveLength(
          book.rows.filter(({ qty }) => qty !== 0n).length,
        );
      }),
      { numRuns: 18 },
    );
    expect(held).toBeGreaterThan(4);
  });
});
