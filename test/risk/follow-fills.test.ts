import { describe, expect, it } from 'vitest';
import { price, qty, toText, usd } from '../../src/domain/money/money.ts';
import type { Fill, OrderSide } from '../../src/domain/order.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { equityFromFills, fundingOf } from '../../src/risk/state/fills-equity.ts';
import { followFills, NO_LEGS, type Legs } from '../../src/risk/state/follow-fills.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { fillsNeeded } from '../../src/risk/state/history-day.ts';
import { rebuildRiskState } from '../../src/risk/state/rebuild.ts';
import { bookOf } from '../../src/risk/state/risk-state.ts';
import { account, closed, DAY_START, position } from './fixtures.ts';

let count = 0;
interface Told {
  readonly realised?: string;
  readonly reduceOnly?: boolean;
  readonly mode?: 'hedge' | 'one-way';
  readonly at?: number;
}

/** A fill as printed: "buy 2 at 100". */
function fill(side: OrderSide, size: string, at: string, told: Told = {}): Fill {
  count += 1;
  const { realised = '0', mode, at: when = DAY_START + count } = told;
  return {
    id: `f${count}`,
    orderId: `o${count}`,
    symbol: 'AUSDT',
    side,
    qty: qty(size),
    price: price(at),
    fee: usd('0'),
    realisedGross: usd(realised),
    reduceOnly: told.reduceOnly ?? false,
    ...(mode === undefined ? {} : { positionMode: mode }),
    role: 'taker',
    at: when,
  };
}

const legs = (long: [string, string], short: [string, string]): Legs => ({
  long: { qty: qty(long[0]), cost: usd(long[1]) },
  short: { qty: qty(short[0]), cost: usd(short[1]) },
});
const signs = (from: Legs, fills: readonly Fill[], to: Legs): readonly string[] | undefined =>
  followFills(from, fills, to)?.map((each) => toText(each.signed));
const hedge = { mode: 'hedge', reduceOnly: true } as const;

describe('what a fill did', () => {
  it.each(['buy', 'sell'] as const)(
    'follows from the only side that is open, though it is printed as %s',
    (side) => {
      const from = legs(['3', '300'], ['0', '0']);
      const told = { ...hedge, realised: '20' };
      expect(signs(from, [fill(side, '2', '110', told)], legs(['1', '0'], ['0', '0']))).toEqual([
        '-2',
      ]);
      const short = legs(['0', '0'], ['3', '300']);
      expect(
        signs(
          short,
          [fill(side, '2', '110', { ...told, realised: '-20' })],
          legs(['0', '0'], ['1', '0']),
        ),
      ).toEqual(['2']);
    },
  );

  it.each(['buy', 'sell'] as const)(
    'follows from the realised profit where both sides are open, printed as %s',
    (side) => {
      const from = legs(['3', '300'], ['3', '330']);
      // Bought at 100 and sold at 110: only the long gains 24 on 2 at 112.
      const long = fill(side, '2', '112', { ...hedge, realised: '24' });
      expect(signs(from, [long], legs(['1', '0'], ['3', '0']))).toEqual(['-2']);
      const short = fill(side, '2', '112', { ...hedge, realised: '-4' });
      expect(signs(from, [short], legs(['3', '0'], ['1', '0']))).toEqual(['2']);
    },
  );

  it('needs a profit that is clearly nearer to that of one side', () => {
    // Closing 1 at 110 realises 10 of the long, 20 of the short: 12 is 2 and 8 away, 12.1 is 2.1 and 7.9.
    const from = legs(['3', '300'], ['3', '390']);
    const at = (realised: string) => fill('buy', '1', '110', { ...hedge, realised });
    const longClosed = legs(['2', '0'], ['3', '0']);
    const shortClosed = legs(['3', '0'], ['2', '0']);
    expect(signs(from, [at('11.9')], longClosed)).toEqual(['-1']);
    expect(signs(from, [at('11.9')], shortClosed)).toBeUndefined();
    // Not clear: then what is open now decides.
    expect(signs(from, [at('12')], shortClosed)).toEqual(['1']);
    expect(signs(from, [at('12')], longClosed)).toEqual(['-1']);
  });

  it('closes without the mark of reduce-only where it realised something', () => {
    const from = legs(['3', '300'], ['0', '0']);
    const told = { mode: 'hedge', realised: '20' } as const;
    expect(signs(from, [fill('buy', '2', '110', told)], legs(['1', '0'], ['0', '0']))).toEqual([
      '-2',
    ]);
  });

  it('is told by what is open now where both sides would have realised the same', () => {
    const from = legs(['3', '300'], ['3', '300']);
    const even = (side: OrderSide) => fill(side, '2', '100', hedge);
    expect(signs(from, [even('buy')], legs(['1', '0'], ['3', '0']))).toEqual(['-2']);
    expect(signs(from, [even('buy')], legs(['3', '0'], ['1', '0']))).toEqual(['2']);
  });

  it('is not known where two readings lead to the same positions in two ways', () => {
    const from = legs(['3', '300'], ['3', '300']);
    const pair = [fill('buy', '2', '100', hedge), fill('sell', '2', '100', hedge)];
    expect(followFills(from, pair, legs(['1', '0'], ['1', '0']))).toBeUndefined();
  });

  it('opens the printed side in hedge mode, beside the other', () => {
    const fills = [fill('buy', '2', '100', { mode: 'hedge' }), fill('sell', '1', '100')];
    expect(signs(NO_LEGS, fills, legs(['2', '0'], ['1', '0']))).toEqual(['2', '-1']);
  });

  it('turns a position in one-way mode', () => {
    const from = legs(['2', '200'], ['0', '0']);
    const turn = fill('sell', '5', '110', { mode: 'one-way', realised: '20' });
    const [act] = followFills(from, [turn], legs(['0', '0'], ['3', '0'])) ?? [];
    expect(act).toMatchObject({ signed: qty('-5') });
    expect(act?.legs).toEqual(legs(['0', '0'], ['3', '330']));
    const back = fill('buy', '3', '100', { mode: 'one-way', realised: '30', reduceOnly: true });
    expect(signs(from, [turn, back], NO_LEGS)).toEqual(['-5', '3']);
  });

  it('closes at the average cost, part by part', () => {
    const fills = [
      fill('buy', '1', '100', { mode: 'hedge' }),
      fill('buy', '3', '120', { mode: 'hedge' }),
      fill('sell', '2', '130', { ...hedge, realised: '30' }),
    ];
    const effects = followFills(NO_LEGS, fills, legs(['2', '0'], ['0', '0']));
    expect(effects?.at(-1)?.legs.long).toEqual({ qty: qty('2'), cost: usd('230') });
  });
});

describe('fills that do not add up', () => {
  const opens = fill('buy', '3', '100', { mode: 'hedge' });
  const closes = fill('sell', '2', '110', { ...hedge, realised: '20' });
  const after = legs(['1', '0'], ['0', '0']);

  it('are no evidence, whatever is missing or wrong', () => {
    expect(signs(NO_LEGS, [opens, closes], after)).toEqual(['3', '-2']);
    expect(followFills(NO_LEGS, [opens], after)).toBeUndefined();
    expect(followFills(NO_LEGS, [closes], after)).toBeUndefined();
    expect(
      followFills(NO_LEGS, [opens, { ...closes, qty: qty('2.000001') }], after),
    ).toBeUndefined();
    expect(followFills(NO_LEGS, [opens, { ...closes, qty: qty('4') }], after)).toBeUndefined();
    expect(followFills(NO_LEGS, [opens, closes], legs(['0', '0'], ['1', '0']))).toBeUndefined();
    expect(followFills(NO_LEGS, [opens, closes, opens], after)).toBeUndefined();
    // The net is right and the sides are not.
    expect(followFills(NO_LEGS, [opens, closes], legs(['1', '0'], ['1', '0']))).toBeUndefined();
    expect(followFills(NO_LEGS, [opens, closes], legs(['2', '0'], ['1', '0']))).toBeUndefined();
  });

  it('are none in one-way mode, where what only reduces was more than there was', () => {
    const told = { mode: 'one-way', reduceOnly: true } as const;
    const from = legs(['2', '200'], ['0', '0']);
    expect(
      followFills(from, [fill('sell', '2.1', '100', told)], legs(['0', '0'], ['0.1', '0'])),
    ).toBeUndefined();
    expect(signs(from, [fill('sell', '2', '100', told)], NO_LEGS)).toEqual(['-2']);
    expect(
      followFills(from, [fill('buy', '1', '100', told)], legs(['3', '0'], ['0', '0'])),
    ).toBeUndefined();
  });

  it('make no equity', () => {
    const held = position({
      symbol: 'AUSDT',
      side: 'long',
      qty: qty('3'),
      entryPrice: price('100'),
    });
    const book = { at: DAY_START, equity: usd('1000'), rows: bookOf([held]) };
    const marks = new Map([['AUSDT', price('110')]]);
    const seen = { fills: [closes], marks, cashFlow: usd('0') };
    const one = { ...held, qty: qty('1') };
    expect(equityFromFills(book, { ...seen, positions: [one] })).toBeDefined();
    expect(equityFromFills(book, { ...seen, positions: [held] })).toBeUndefined();
    expect(equityFromFills(book, { ...seen, fills: [], positions: [one] })).toBeUndefined();
    const { legs: _unknown, ...old } = book.rows[0] ?? {
      symbol: '',
      qty: qty('0'),
      value: usd('0'),
    };
    expect(
      equityFromFills({ ...book, rows: [old] }, { ...seen, positions: [one] }),
    ).toBeUndefined();
    const settled = (at: number) =>
      new Map([['AUSDT', [{ at, rate: 10n ** 15n, mark: price('100') }]]]) as never;
    const funded = (at: number) =>
      toText(
        equityFromFills(book, { ...seen, positions: [one], settlements: settled(at) }) ?? usd('0'),
      );
    // What was settled at the very moment of the book is in its equity.
    expect(Number(funded(DAY_START)) - Number(funded(DAY_START + 1))).toBeCloseTo(0.3, 9);
    const other = position({ symbol: 'BUSDT', qty: qty('1') });
    expect(equityFromFills(book, { ...seen, positions: [one, other] })).toBeUndefined();
  });
});

describe('funding', () => {
  it('is paid by what was open just before, longs to shorts, at the settlement’s own price', () => {
    const at = DAY_START + 8 * HOUR;
    const opens = fill('buy', '2', '100', { mode: 'hedge', at: at - 1 });
    const more = fill('buy', '5', '100', { mode: 'hedge', at });
    const effects = followFills(NO_LEGS, [opens, more], legs(['7', '0'], ['0', '0'])) ?? [];
    const settled = { at, rate: 10n ** 15n, mark: price('150') } as Parameters<
      typeof fundingOf
    >[1][number];
    const book = { held: qty('0'), effects };
    expect(toText(fundingOf(book, [settled], price('100')))).toBe('-0.3');
    expect(toText(fundingOf({ ...book, held: qty('-3') }, [settled], undefined))).toBe('0.15');
    const { mark: _untold, ...bare } = settled;
    expect(toText(fundingOf(book, [bare], price('100')))).toBe('-0.2');
    expect(toText(fundingOf(book, [bare], undefined))).toBe('0');
  });
});

describe('a rebuilt day', () => {
  const yesterday = DAY_START - 5 * HOUR;
  const held = position({
    id: 'p1',
    symbol: 'AUSDT',
    side: 'long',
    qty: qty('1'),
    entryPrice: price('100'),
    unrealisedPnl: usd('-30'),
    realisedGross: usd('-40'),
    fees: usd('0'),
    funding: usd('0'),
    openedAt: yesterday,
  });
  const fills = [
    fill('buy', '3', '100', { mode: 'hedge', at: yesterday }),
    // Printed with the side that was sent.
    fill('buy', '2', '80', { ...hedge, realised: '-40', at: DAY_START + 1 }),
  ];
  const history = {
    account: account({ available: usd('960'), unrealisedPnl: usd('-30'), at: DAY_START + HOUR }),
    positions: [held],
    closed: [],
    fills,
    startPrices: new Map([['AUSDT', price('105')]]),
    now: DAY_START + HOUR,
  };

  it('has the loss that was made, though the close is printed as a buy', () => {
    const { state, unproven } = rebuildRiskState(history, DEFAULT_LIMITS);
    expect(unproven).toEqual([]);
    // From 3 at 105: 2 sold at 80, 1 worth 70. Equity 930.
    expect(toText(state.dayFirstEquity)).toBe('1015');
    expect(state.dayBook.rows).toMatchObject([
      { symbol: 'AUSDT', qty: qty('3'), value: usd('315'), legs: { long: { cost: usd('300') } } },
    ]);
  });

  it('is not known where a fill is missing: all that was lost counts, and nothing stands in the book', () => {
    for (const some of [fills.slice(0, 1), fills.slice(1), []]) {
      const { state, unproven } = rebuildRiskState({ ...history, fills: some }, DEFAULT_LIMITS);
      expect(unproven).toEqual(['AUSDT']);
      expect(toText(state.dayFirstEquity)).toBe('1000');
      expect(state.dayBook.rows).toEqual([]);
    }
  });

  it('is not known where a cost of today is missing, in a fill or in a row, and known where it is an older one', () => {
    const [opens, closes] = fills;
    if (opens === undefined || closes === undefined) throw new Error('two fills');
    const rebuilt = (over: Partial<typeof history>) =>
      rebuildRiskState({ ...history, ...over }, DEFAULT_LIMITS);
    const unknown = [
      rebuilt({ fills: [opens, { ...closes, feeUnknown: true }] }),
      rebuilt({ fills: [opens, { ...closes, at: DAY_START, feeUnknown: true }] }),
      rebuilt({ positions: [{ ...held, costsUnknown: true }] }),
    ];
    for (const { state, unproven } of unknown) {
      expect(unproven).toEqual(['AUSDT']);
      expect(toText(state.dayFirstEquity)).toBe('1000');
    }
    expect(rebuilt({ fills: [{ ...opens, feeUnknown: true }, closes] }).unproven).toEqual([]);
  });

  it('is not known of a symbol that closed today without all its costs: its loss counts, its gain does not', () => {
    const quiet = { ...history, positions: [], fills: [] };
    const today = (net: string, over: object = {}) => {
      const row = closed('c1', net, { symbol: 'BUSDT', openedAt: DAY_START, closedAt: DAY_START });
      const rows = [{ ...row, ...over }];
      const { state, unproven } = rebuildRiskState({ ...quiet, closed: rows }, DEFAULT_LIMITS);
      return [unproven, toText(state.dayFirstEquity)];
    };
    expect(today('50')).toEqual([[], '880']);
    expect(today('50', { costsUnknown: true })).toEqual([['BUSDT'], '930']);
    expect(today('-50', { costsUnknown: true })).toEqual([['BUSDT'], '980']);
    const before = { openedAt: DAY_START - 2, closedAt: DAY_START - 1, costsUnknown: true };
    expect(today('50', before)).toEqual([[], '930']);
  });

  it('begins with what is done at its very start', () => {
    const [opens, closes] = fills;
    if (opens === undefined || closes === undefined) throw new Error('two fills');
    const seen = { ...history, fills: [opens, { ...closes, at: DAY_START }] };
    expect(toText(rebuildRiskState(seen, DEFAULT_LIMITS).state.dayFirstEquity)).toBe('1015');
  });

  it.each([
    ['-0.01', []],
    ['-0.010001', ['AUSDT']],
    ['0.01', []],
  ])('takes funding of %s without settlements for rounding, or not: %j', (funding, unsplit) => {
    const seen = { ...history, positions: [{ ...held, funding: usd(funding) }] };
    expect(rebuildRiskState(seen, DEFAULT_LIMITS).unsplit).toEqual(unsplit);
  });

  it('counts no gain that is not proven', () => {
    const gain = { ...held, realisedGross: usd('500'), unrealisedPnl: usd('70') };
    const seen = { ...history, positions: [gain], fills: [] };
    expect(toText(rebuildRiskState(seen, DEFAULT_LIMITS).state.dayFirstEquity)).toBe('930');
  });

  it('splits funding only where the settlements come to what was booked', () => {
    const funded = { ...held, funding: usd('-1.2') };
    const rate = 10n ** 15n;
    const settled = [
      { at: DAY_START + 2, rate, mark: price('100') },
      { at: DAY_START - HOUR, rate, mark: price('100') },
      { at: DAY_START, rate: (rate * 8n) / 3n, mark: price('100') },
    ] as unknown as Parameters<typeof fundingOf>[1];
    const seen = { ...history, positions: [funded] };
    // 0.1 on 1 today; 0.3 and 0.8 on 3 up to the start.
    const known = rebuildRiskState(
      { ...seen, settlements: new Map([['AUSDT', settled]]) },
      DEFAULT_LIMITS,
    );
    expect(known.unsplit).toEqual([]);
    expect(Number(toText(known.state.dayFirstEquity))).toBeCloseTo(1015.1, 9);
    const unknown = rebuildRiskState(seen, DEFAULT_LIMITS);
    expect(unknown.unsplit).toEqual(['AUSDT']);
    expect(toText(unknown.state.dayFirstEquity)).toBe('1016.2');
  });

  it('needs fills from when nothing of the symbol was open', () => {
    const at = (hours: number): number => DAY_START + hours * HOUR;
    const row = (id: string, from: number, to: number, symbol = 'AUSDT') =>
      closed(id, '0', { symbol, openedAt: at(from), closedAt: at(to) });
    const open = position({ symbol: 'AUSDT', openedAt: at(-10) });
    const needed = (...rows: ReturnType<typeof row>[]) =>
      fillsNeeded({ positions: [open], closed: rows }, DAY_START);
    expect(needed()).toEqual(new Map([['AUSDT', at(-10)]]));
    expect(needed(row('a', -20, -10), row('b', -30, -20), row('c', -40, -31))).toEqual(
      new Map([['AUSDT', at(-30)]]),
    );
    expect(needed(row('d', -20, -11), row('e', -5, -1), row('f', -99, 1, 'BUSDT'))).toEqual(
      new Map([
        ['AUSDT', at(-10)],
        ['BUSDT', at(-99)],
      ]),
    );
    expect(
      fillsNeeded({ positions: [{ ...open, openedAt: DAY_START }], closed: [] }, DAY_START),
    ).toEqual(new Map());
    // Closed before the day began: not held over it.
    expect(needed(row('h', -9, -1, 'BUSDT')).has('BUSDT')).toBe(false);
    expect(needed(row('h', -9, 0, 'BUSDT')).get('BUSDT')).toBe(at(-9));
    expect(needed(row('g', -DAY / HOUR, -10))).toEqual(new Map([['AUSDT', at(-24)]]));
  });
});
