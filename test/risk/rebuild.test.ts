import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FundingSettlement } from '../../src/domain/instrument.ts';
import {
  abs,
  add,
  notionalOf,
  price,
  ratioFromNumber,
  scaleBy,
  sub,
  toText,
  usd,
  ZERO_RATIO,
  ZERO_USD,
  type Price,
  type Usd,
} from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { dayLossOf } from '../../src/risk/state/day-loss.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { fillsNeeded } from '../../src/risk/state/history-day.ts';
import { rebuildRiskState, type Rebuilt } from '../../src/risk/state/rebuild.ts';
import { riskDayStart, updateRiskState, type RiskState } from '../../src/risk/state/risk-state.ts';
import { equityOf } from '../../src/domain/account.ts';
import { amountOf, ExchangeModel } from './exchange-model.ts';
import { DAY_START } from './fixtures.ts';

const SYMBOLS = ['AUSDT', 'BUSDT', 'CUSDT'] as const;
const symbol = fc.constantFrom(...SYMBOLS);
const side = fc.constantFrom('long' as const, 'short' as const);
/** What happens next, and how long after the last one. */
const happening = fc.record({
  after: fc.integer({ min: 1, max: 5 * HOUR }),
  what: fc.oneof(
    fc.record({
      kind: fc.constant('open' as const),
      symbol,
      side,
      units: fc.integer({ min: 1, max: 40 }),
    }),
    fc.record({
      kind: fc.constant('close' as const),
      symbol,
      side,
      tenths: fc.constantFrom(3, 5, 10, 10),
    }),
    fc.record({
      kind: fc.constant('move' as const),
      symbol,
      to: fc.integer({ min: 60, max: 150 }),
    }),
    fc.record({
      kind: fc.constant('fund' as const),
      symbol,
      side,
      cents: fc.integer({ min: -90, max: 90 }),
    }),
  ),
});
type Happening = typeof happening extends fc.Arbitrary<infer Each> ? Each : never;

interface Asked {
  readonly startPrices?: ReadonlyMap<string, Price>;
  readonly settlements?: ReadonlyMap<string, readonly FundingSettlement[]>;
  /** What the exchange lists as open, where it is not all that it knows. */
  readonly rows?: readonly Position[];
}

/** An account that is watched from its first moment to now, and everything that a rebuild may ask the exchange for. */
class Watched {
  readonly exchange = new ExchangeModel(DAY_START - 20 * HOUR, '10000');
  readonly startPrices = new Map<string, Price>();
  remembered: RiskState | undefined;
  /** All that was booked as funding, by position. */
  readonly #funding = new Map<string, number>();

  constructor() {
    this.look();
  }

  look(): void {
    const { exchange } = this;
    const reading = {
      account: exchange.account(),
      positions: exchange.positions(),
      closed: exchange.closed,
      now: exchange.now,
    };
    this.remembered = updateRiskState(this.remembered, reading, DEFAULT_LIMITS).state;
  }

  live({ after, what }: Happening, funding: boolean): void {
    const { exchange } = this;
    const then = exchange.now + after;
    const boundary = riskDayStart(then, DEFAULT_LIMITS);
    if (boundary > exchange.now) {
      // A look at the very moment the day begins, as close as polling every few seconds comes to it.
      exchange.now = boundary;
      this.startPrices.clear();
      for (const each of SYMBOLS)
        this.startPrices.set(each, exchange.marks.get(each) ?? price('100'));
      this.look();
    }
    exchange.now = then;
    if (what.kind === 'open') exchange.buyIn(what.symbol, what.side, amountOf(what.units));
    else if (what.kind === 'close') exchange.close(what.symbol, what.side, what.tenths);
    else if (what.kind === 'move') exchange.marks.set(what.symbol, price(String(what.to)));
    else if (funding) this.#fund(what);
    this.look();
  }

  #fund({ symbol, side, cents }: Extract<Happening['what'], { kind: 'fund' }>): void {
    const open = this.exchange.positions().find((p) => p.symbol === symbol && p.side === side);
    if (open === undefined) return;
    this.exchange.fund(symbol, side, usd((cents / 100).toFixed(2)));
    this.#funding.set(open.id, (this.#funding.get(open.id) ?? 0) + Math.abs(cents / 100));
  }

  /** Funding of positions that were held over the start of the day: no history splits it. */
  fundedAndHeld(): number {
    const start = riskDayStart(this.exchange.now, DEFAULT_LIMITS);
    return [...this.exchange.positions(), ...this.exchange.closed]
      .filter((each) => each.openedAt < start)
      .reduce((sum, each) => sum + (this.#funding.get(each.id) ?? 0), 0);
  }

  rebuilt({ rows = this.exchange.positions(), ...over }: Asked = {}): Rebuilt {
    const { exchange, startPrices } = this;
    const start = riskDayStart(exchange.now, DEFAULT_LIMITS);
    const base = { positions: rows, closed: exchange.closed };
    const needed = fillsNeeded(base, start);
    return rebuildRiskState(
      {
        ...base,
        account: exchange.account(),
        fills: exchange.fills.filter((each) => each.at >= (needed.get(each.symbol) ?? Infinity)),
        startPrices,
        now: exchange.now,
        ...over,
      },
      DEFAULT_LIMITS,
    );
  }

  loss(state: RiskState | undefined): Usd {
    if (state === undefined) throw new Error('nothing was remembered');
    return dayLossOf(state, equityOf(this.exchange.account()), DEFAULT_LIMITS).pnl;
  }
}

const watched = (happenings: readonly Happening[], funding = false): Watched => {
  const account = new Watched();
  for (const each of happenings) account.live(each, funding);
  return account;
};
const far = (a: Usd, b: Usd): number => Number(toText(abs(sub(a, b))));
const life = fc.array(happening, { minLength: 1, maxLength: 40 });
const runs = { numRuns: 250 };

describe('memory rebuilt from the history', () => {
  it('has the result of the day, to 1e-9, of any day that was watched', () => {
    fc.assert(
      fc.property(life, (happenings) => {
        const account = watched(happenings);
        const { state, unpriced } = account.rebuilt();
        expect(unpriced).toEqual([]);
        expect(far(account.loss(state), account.loss(account.remembered))).toBeLessThan(1e-9);
        expect(state.dayStart).toBe(account.remembered?.dayStart);
      }),
      runs,
    );
  });

  it('has the entries, results, streak and pauses that were counted', () => {
    const counts = ({ now }: ExchangeModel, state: RiskState | undefined) => ({
      trades: state?.tradesToday,
      entries: state?.entriesCounted.toSorted(),
      closes: state?.closesCounted.toSorted(),
      results: state?.dayResults,
      streak: state?.lossStreak,
      losers: state?.losers,
      pause: state?.coolOffUntil,
      symbols: Object.entries(state?.lossCloses ?? {}).filter(
        ([, at]) => at > now - DEFAULT_LIMITS.symbolCoolDownMs,
      ),
    });
    fc.assert(
      fc.property(life, (happenings) => {
        const account = watched(happenings, true);
        const { state } = account.rebuilt();
        expect(counts(account.exchange, state)).toEqual(
          counts(account.exchange, account.remembered),
        );
      }),
      runs,
    );
  });

  it('has it with funding too, but for what was funded and held over the start of the day', () => {
    fc.assert(
      fc.property(life, (happenings) => {
        const account = watched(happenings, true);
        const off = far(account.loss(account.rebuilt().state), account.loss(account.remembered));
        expect(off).toBeLessThanOrEqual(account.fundedAndHeld() + 1e-9);
      }),
      runs,
    );
  });

  const bare = (each: Position): Position => ({
    ...each,
    realisedGross: ZERO_USD,
    fees: ZERO_USD,
    funding: ZERO_USD,
    costsUnknown: true,
  });
  const asNet = (each: Position): Position => ({
    ...each,
    realisedGross: add(each.realisedGross, each.fees),
    basisAssumed: true,
  });
  const settled: FundingSettlement = { at: DAY_START, rate: ZERO_RATIO, mark: price('100') };
  const settlements = new Map(SYMBOLS.map((each) => [each, [settled]]));

  it.each([
    ['lack what they took and cost', bare],
    ['can be read in two ways', asNet],
  ])('has it from the fills where rows %s', (_what, change) => {
    fc.assert(
      fc.property(life, (happenings) => {
        const account = watched(happenings);
        const rows = account.exchange.positions().map(change);
        const { state, unproven } = account.rebuilt({ rows, settlements });
        expect(unproven).toEqual([]);
        expect(far(account.loss(state), account.loss(account.remembered))).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it('knows no result where neither rows nor settlements tell the funding', () => {
    const account = watched([]);
    account.exchange.now = DAY_START + HOUR;
    account.exchange.buyIn('AUSDT', 'short', amountOf(10));
    const rows = account.exchange.positions();
    expect(account.rebuilt({ rows: rows.map(bare) })).toMatchObject({
      held: [],
      unproven: ['AUSDT'],
    });
    expect(account.rebuilt({ rows: rows.map(asNet) }).unproven).toEqual([]);
  });

  it('takes what was paid for funding from the settlements, or from the rows where they tell more', () => {
    const account = watched([]);
    account.exchange.now = DAY_START + HOUR;
    account.exchange.buyIn('AUSDT', 'long', amountOf(10));
    const [row] = account.exchange.positions();
    if (row === undefined) throw new Error('nothing is open');
    account.exchange.now = DAY_START + 9 * HOUR;
    const rate = ratioFromNumber(0.001);
    const paid = new Map([['AUSDT', [{ at: DAY_START + 8 * HOUR, rate, mark: row.entryPrice }]]]);
    const lossWith = (funding: string): Usd => {
      const rows = [{ ...bare(row), funding: usd(funding) }];
      return account.loss(account.rebuilt({ rows, settlements: paid }).state);
    };
    const value = notionalOf(row.entryPrice, row.qty, 'half-even');
    const free = account.loss(account.rebuilt().state);
    expect(sub(free, lossWith('0'))).toBe(scaleBy(value, rate, 'half-even'));
    expect(sub(free, lossWith('-50'))).toBe(usd('50'));
  });

  it('names what has no price at the start of the day', () => {
    const account = watched([]);
    account.exchange.buyIn('AUSDT', 'short', amountOf(10));
    account.exchange.now = DAY_START + HOUR;
    expect(account.rebuilt({ startPrices: new Map() })).toMatchObject({
      held: ['AUSDT'],
      unpriced: ['AUSDT'],
    });
  });

  it('has a high-water mark no lower than the start of the day and now', () => {
    fc.assert(
      fc.property(life, (happenings) => {
        const account = watched(happenings, true);
        const { peakEquity, dayStartEquity } = account.rebuilt().state;
        expect(peakEquity >= dayStartEquity).toBe(true);
        expect(peakEquity >= equityOf(account.exchange.account())).toBe(true);
      }),
      runs,
    );
  });
});

describe('a liquidation that has no fill', () => {
  it('is not forgotten, although the position was held over the start of the day', () => {
    const account = new Watched();
    account.exchange.now = DAY_START - HOUR;
    account.exchange.buyIn('AUSDT', 'long', amountOf(100));
    account.look();
    account.exchange.now = DAY_START;
    account.startPrices.set('AUSDT', price('100'));
    account.look();
    account.exchange.now = DAY_START + MINUTE;
    account.exchange.marks.set('AUSDT', price('80'));
    account.exchange.close('AUSDT', 'long', 10);
    account.exchange.fills.pop();
    account.look();
    const { state } = account.rebuilt();
    expect(Number(toText(account.loss(state)))).toBeLessThanOrEqual(
      Number(toText(account.loss(account.remembered))),
    );
  });
});

describe('the high-water mark', () => {
  it('is walked back from the present wallet through the results', () => {
    const account = new Watched();
    const trade = (to: string): void => {
      account.exchange.now += HOUR;
      account.exchange.marks.set('AUSDT', price('100'));
      account.exchange.buyIn('AUSDT', 'long', amountOf(100));
      account.exchange.marks.set('AUSDT', price(to));
      account.exchange.close('AUSDT', 'long', 10);
      account.look();
    };
    trade('150');
    trade('70');
    account.exchange.now += 3 * DAY;
    // 10000 + 500 - fees of 10 units at 100 and 150.
    expect(toText(account.rebuilt().state.peakEquity)).toBe('10498.5');
  });
});
