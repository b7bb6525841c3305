import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceLedger, type WalletLedger } from '../../src/app/account/wallet-ledger.ts';
import {
  add,
  price,
  qty,
  sub,
  sumUsd,
  usd,
  ZERO_USD,
  type Usd,
} from '../../src/domain/money/money.ts';
import type { ClosedPosition, Position } from '../../src/domain/position.ts';
import { closed, position } from '../risk/fixtures.ts';

type Reading = Parameters<typeof advanceLedger>[1];

/** Feeds readings one after the other; the steps that were found. */
function feed(readings: readonly Reading[]): Usd[] {
  let ledger: WalletLedger | undefined;
  return readings.map((reading) => {
    const next = advanceLedger(ledger, reading);
    ledger = next.ledger;
    return next.change?.amount ?? ZERO_USD;
  });
}

const reading = (wallet: string, over: Partial<Reading> = {}): Reading => ({
  wallet: usd(wallet),
  bonus: ZERO_USD,
  positions: [],
  fresh: [],
  ...over,
});
const steps = (...readings: Reading[]): number[] =>
  feed(readings).map((each) => Number(each / 10n ** 18n));

describe('a deposit', () => {
  it('is found at the second reading that shows it', () => {
    const [before, after] = [reading('1000'), reading('1500')];
    expect(steps(before, after, after, after)).toEqual([0, 0, 500, 0]);
  });

  it('is found while a position is open and loses', () => {
    const open = [position({ realisedGross: usd('-20'), fees: usd('3'), funding: usd('-1') })];
    const [before, after] = [reading('1000'), reading('1476', { positions: open })];
    expect(steps(before, after, after)).toEqual([0, 0, 500]);
  });

  it('is found in the sum of its parts', () => {
    expect(steps(reading('1000'), reading('1500'), reading('1700'), reading('1700'))).toEqual([
      0, 0, 0, 700,
    ]);
  });
});

describe('a withdrawal', () => {
  it('is found at the second reading that shows it', () => {
    expect(steps(reading('1000'), reading('600'), reading('600'))).toEqual([0, 0, -400]);
  });
});

describe('a close whose costs are unknown', () => {
  const close = (net: string, over: Partial<ClosedPosition> = {}) =>
    closed('c1', net, { maxQty: qty('10'), entryPrice: price('100'), costsUnknown: true, ...over });
  const after = (wallet: string, over: Partial<ClosedPosition> = {}) =>
    steps(
      reading('1000'),
      reading(wallet, { fresh: [close('20', over)] }),
      reading(wallet),
      reading(wallet),
    );

  it('explains up to 1 % of its value that is missing, and no more', () => {
    // 1,000 USDT at entry: what is missing from 1,020 is no withdrawal down to 1,010.
    expect(after('1019')).toEqual([0, 0, 0, 0]);
    expect(after('1010')).toEqual([0, 0, 0, 0]);
    expect(after('1009')).toEqual([0, 0, -11, 0]);
  });

  it('explains nothing that came, and a close with its costs explains nothing at all', () => {
    expect(after('1030')).toEqual([0, 0, 10, 0]);
    const { costsUnknown: _, ...known } = close('20');
    const fresh = { fresh: [known] };
    expect(steps(reading('1000'), reading('1015', fresh), reading('1015'))).toEqual([0, 0, -5]);
  });
});

describe('a bonus', () => {
  const last = (...readings: Reading[]) => {
    let found: ReturnType<typeof advanceLedger> | undefined;
    for (const each of readings) found = advanceLedger(found?.ledger, each);
    return found?.change;
  };

  it('is told apart from a deposit or a withdrawal of the same kind', () => {
    const plain = reading('1000');
    const came = reading('1050', { bonus: usd('50') });
    expect(last(plain, came, came)).toEqual({ amount: usd('50'), bonus: true });
    expect(last(came, plain, plain)).toEqual({ amount: usd('-50'), bonus: true });
    const more = reading('1500', { bonus: usd('50') });
    expect(last(plain, more, more)).toEqual({ amount: usd('500'), bonus: false });
  });

  it('that is used up by losses explains no money that left later', () => {
    const used = reading('950', { bonus: ZERO_USD, fresh: [closed('p1', '-100')] });
    const begun = reading('1050', { bonus: usd('50') });
    const gone = reading('900');
    expect(last(begun, used, gone, gone)).toEqual({ amount: usd('-50'), bonus: false });
  });
});

describe('a reading that straddles a close', () => {
  it('shows no change when the wallet moves before the history', () => {
    const open = reading('1000', { positions: [position()] });
    const history = closed('p1', '-50');
    const after = reading('950', { fresh: [history] });
    expect(steps(open, reading('950'), after, reading('950'), reading('950'))).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  it('shows no change when the history comes before the wallet', () => {
    const open = reading('1000', { positions: [position()] });
    const early = reading('1000', { fresh: [closed('p1', '-50')] });
    expect(steps(open, early, reading('950'), reading('950'))).toEqual([0, 0, 0, 0]);
  });
});

describe('rounding', () => {
  it('below 0.05 % of the wallet is no change, however often it is seen', () => {
    const off = reading('1000.4');
    expect(feed([reading('1000'), off, off, off])).toEqual([0n, 0n, 0n, 0n]);
  });
});

/** An account that trades: what it does in one step, in cents. */
const moves = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('open' as const), fee: fc.integer({ min: 0, max: 500 }) }),
    fc.record({
      kind: fc.constant('reduce' as const),
      gross: fc.integer({ min: -20_000, max: 20_000 }),
      fee: fc.integer({ min: 0, max: 500 }),
    }),
    fc.record({
      kind: fc.constant('fund' as const),
      amount: fc.integer({ min: -900, max: 900 }),
    }),
    fc.record({
      kind: fc.constant('close' as const),
      gross: fc.integer({ min: -50_000, max: 50_000 }),
      fee: fc.integer({ min: 0, max: 500 }),
    }),
  ),
  { minLength: 1, maxLength: 40 },
);
type Move = typeof moves extends fc.Arbitrary<readonly (infer Each)[]> ? Each : never;

const cents = (amount: number): Usd => usd((amount / 100).toFixed(2));
const START = usd('100000');

/** Keeps the books as an exchange does. */
class Books {
  wallet = START;
  open: Position[] = [];
  #count = 0;

  /** Carries the move out; the closed position when it closed one. */
  move(move: Move): ClosedPosition | undefined {
    const last = this.open.at(-1);
    if (move.kind === 'open') {
      this.#count += 1;
      this.#book(cents(-move.fee));
      this.open.push(position({ id: `p${this.#count}`, fees: cents(move.fee) }));
    } else if (last !== undefined) {
      const gross = 'gross' in move ? cents(move.gross) : ZERO_USD;
      const fee = 'fee' in move ? cents(move.fee) : ZERO_USD;
      const funding = 'amount' in move ? cents(move.amount) : ZERO_USD;
      this.#book(sub(add(gross, funding), fee));
      const now: Position = {
        ...last,
        realisedGross: add(last.realisedGross, gross),
        fees: add(last.fees, fee),
        funding: add(last.funding, funding),
      };
      this.open = [...this.open.slice(0, -1), ...(move.kind === 'close' ? [] : [now])];
      if (move.kind === 'close') return closedOf(now);
    }
    return undefined;
  }

  #book(amount: Usd): void {
    this.wallet = add(this.wallet, amount);
  }
}

function closedOf(position: Position): ClosedPosition {
  const { realisedGross, fees, funding } = position;
  const net = sub(add(realisedGross, funding), fees);
  return closed(position.id, '0', { gross: realisedGross, fees, funding, net });
}

describe('trades', () => {
  it('of any kind never look like a deposit or a withdrawal', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const books = new Books();
        const readings = list.map((move) => {
          const gone = books.move(move);
          const fresh = gone === undefined ? [] : [gone];
          return { wallet: books.wallet, bonus: ZERO_USD, positions: books.open, fresh };
        });
        const first = { wallet: START, bonus: ZERO_USD, positions: [], fresh: [] };
        expect(feed([first, ...readings]).every((each) => each === 0n)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('between two deposits hide neither of them', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: 1_000, max: 9_000 }), (list, amount) => {
        const books = new Books();
        const deposit = usd(String(amount));
        const before = { wallet: START, bonus: ZERO_USD, positions: [], fresh: [] };
        const paid = { ...before, wallet: add(START, deposit) };
        const traded = list.map((move) => {
          const gone = books.move(move);
          const fresh = gone === undefined ? [] : [gone];
          return {
            wallet: add(books.wallet, deposit),
            bonus: ZERO_USD,
            positions: books.open,
            fresh,
          };
        });
        expect(sumUsd(feed([before, paid, paid, ...traded]))).toBe(deposit);
      }),
      { numRuns: 200 },
    );
  });

  it('that were counted before do not count again', () => {
    const ledger = advanceLedger(
      undefined,
      reading('1000', { fresh: [closed('p1', '40')] }),
    ).ledger;
    expect(ledger).toEqual({ closedNet: usd('40'), base: usd('960'), bonus: ZERO_USD });
    expect(advanceLedger(ledger, reading('1000')).ledger).toEqual(ledger);
  });
});
