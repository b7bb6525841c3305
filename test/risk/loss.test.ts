import { describe, expect, it } from 'vitest';
import { price, qty, ratio, toText, usd, type Usd } from '../../src/domain/money/money.ts';
import type { Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import type { GateInput } from '../../src/risk/gate/gate-input.ts';
import { heatOf, heatOfPosition } from '../../src/risk/terms/heat.ts';
import { lossInJumpOf } from '../../src/risk/terms/jump.ts';
import { gapThroughStops, jumpAgainst } from '../../src/risk/portfolio/stress.ts';
import {
  account,
  candidate,
  FREE_LIMITS,
  gateInput,
  instrument,
  position,
  stopFor,
  WIDEST,
} from './fixtures.ts';

const NO_COSTS = { takerFee: ratio('0'), slippage: ratio('0') };
const at = (equity: string) => ({ equity: usd(equity), costs: NO_COSTS });
const bare = (over: Partial<Position> = {}): Position => {
  const { liquidationPrice: _none, ...rest } = position(over);
  return rest;
};
const cross = (over: Partial<Position> = {}): Position => bare({ marginMode: 'cross', ...over });
const textOf = (value: Usd | undefined): string | undefined =>
  value === undefined ? undefined : toText(value);
const shown = (of: Position, equity = '10000', ...stops: ProtectiveOrder[]) => {
  const { basis, uncovered, loss, further, notYetLost } = heatOfPosition(of, stops, at(equity));
  return [basis, uncovered, ...[loss, further, notYetLost].map((each) => textOf(each))];
};

describe('a cross position without a stop', () => {
  it('of 8,000 at 50x that is 8 % down can lose all of its value, not its margin', () => {
    const held = cross({ qty: qty('80'), leverage: 50, unrealisedPnl: usd('-640') });
    expect(shown(held)).toEqual(['notional', 'notional', '8000', '7360', '7360']);
  });

  it('loses the account where that is less than its value, from exactly equity on', () => {
    const held = cross({ qty: qty('100') });
    expect(shown(held, '10000.000000000000000001')[0]).toBe('notional');
    expect(shown(held, '10000')).toEqual(['account', 'account', '10000', '10000', '10000']);
    expect(shown(held, '9999')).toEqual(['account', 'account', '9999', '9999', '9999']);
  });

  it('that is short has no bound but the account, however small it is', () => {
    const held = cross({ side: 'short', qty: qty('0.01'), unrealisedPnl: usd('-0.5') });
    expect(shown(held, '700')).toEqual(['account', 'account', '700', '700', '700']);
  });

  it('takes no more than equity together with the others', () => {
    const held = [cross({ id: 'a', side: 'short' }), cross({ id: 'b', side: 'short' })];
    const heat = heatOf(held, [], at('1000'));
    expect([heat.loss, heat.further, heat.notYetLost].map((each) => textOf(each))).toEqual([
      '1000',
      '1000',
      '1000',
    ]);
  });

  it('shares what an isolated one leaves', () => {
    const heat = heatOf([bare({ id: 'a' }), cross({ id: 'b', side: 'short' })], [], at('1000'));
    expect(heat.rows.map((row) => row.loss && toText(row.loss))).toEqual(['20', '1000']);
    expect(heat.loss && toText(heat.loss)).toBe('1000');
  });

  it('counts its stop for the part that it covers and its value for the rest', () => {
    const held = cross({ qty: qty('2') });
    const half = stopFor(held, '97', { stopQty: qty('1.5') });
    expect(shown(held, '10000', half)).toEqual([
      'stop for a part',
      'notional',
      '54.5',
      '54.5',
      '54.5',
    ]);
    const short = cross({ qty: qty('2'), side: 'short' });
    const over = stopFor(short, '103', { stopQty: qty('1.5') });
    expect(shown(short, '900', over)).toEqual(['stop for a part', 'account', '900', '900', '900']);
    const more = cross({ qty: qty('2'), side: 'short', unrealisedPnl: usd('-4') });
    expect(shown(more, '900', stopFor(more, '103'))).toEqual(['stop', undefined, '6', '2', '2']);
  });
});

describe('a stop that the price has passed', () => {
  it('covers nothing, and a unit before it covers all', () => {
    const passed = position({ unrealisedPnl: usd('-5') });
    expect(shown(passed, '1000', stopFor(passed, '95'))[0]).toBe('liquidation');
    const before = stopFor(passed, '94.999999999999999999');
    expect(shown(passed, '1000', before).slice(0, 2)).toEqual(['stop', undefined]);
  });

  it('is not among what a bad market stops', () => {
    const passed = position({ unrealisedPnl: usd('-10') });
    const input = {
      account: account(),
      positions: [passed],
      protections: [stopFor(passed, '95')],
      betas: new Map(),
      costs: NO_COSTS,
    };
    expect(
      [gapThroughStops(input), jumpAgainst(input, ratio('0.05'))].map(({ change, rows }) => [
        toText(change),
        rows[0]?.end,
      ]),
    ).toEqual([
      ['-9.5', 'liquidated'],
      ['-4.5', 'still open'],
    ]);
  });
});

describe('an isolated position', () => {
  it('loses no more than margin and fee, also with a stop beyond them', () => {
    const held = bare({ leverage: 50, margin: usd('2') });
    expect(shown(held, '1000', stopFor(held, '95'))).toEqual(['stop', undefined, '2', '2', '2']);
    const costs = { takerFee: ratio('0.001'), slippage: ratio('0') };
    const { loss } = heatOfPosition(held, [], { equity: usd('1000'), costs });
    expect(loss && toText(loss)).toBe('2.1');
  });

  it('counts a liquidation price that was passed, or a stop beyond one, for nothing', () => {
    const gone = position({ unrealisedPnl: usd('-19.5') });
    expect(shown(gone).slice(0, 3)).toEqual(['margin', 'margin', '20']);
    const far = position({});
    expect(shown(far, '1000', stopFor(far, '80')).slice(0, 3)).toEqual([
      'liquidation',
      'liquidation',
      '19.5',
    ]);
  });

  it('costs its closing, and never nothing, past the price of its end', () => {
    const just = bare({ unrealisedPnl: usd('-20') });
    expect(shown(just)[3]).toBe('0.000000000000000001');
    const gone = bare({ unrealisedPnl: usd('-30') });
    expect(shown(gone)).toEqual(['margin', 'margin', '20', '0.000000000000000001', '0']);
    const costs = { takerFee: ratio('0.001'), slippage: ratio('0') };
    const { further } = heatOfPosition(gone, [], { equity: usd('1000'), costs });
    expect(further && toText(further)).toBe('0.07');
  });
});

describe('what is not known', () => {
  const stopped = (of: Position) => [stopFor(of, '97')];
  it.each([
    ['no margin', bare({ margin: usd('0') }), '1000', []],
    ['a margin that was assumed', bare({ marginAssumed: true }), '1000', []],
    ['no size', bare({ qty: qty('0') }), '1000', []],
    [
      'no entry',
      bare({ entryPrice: price('0'), margin: usd('20'), unrealisedPnl: usd('90') }),
      '1000',
      [],
    ],
    ['no price', bare({ unrealisedPnl: usd('-100') }), '1000', []],
    ['no equity', cross(), '0', []],
    ['less than no equity', cross(), '-5', []],
  ])('%s: nothing is guessed, and the gate refuses by name', (_what, held, equity, stops) => {
    expect(shown(held, equity, ...stops).slice(0, 4)).toEqual([
      'unknown',
      undefined,
      undefined,
      undefined,
    ]);
    const heat = heatOf([position({ id: 'x' }), held, held], stops, at(equity));
    expect([heat.loss, heat.further, heat.notYetLost, heat.unknown]).toEqual([
      undefined,
      undefined,
      undefined,
      ['BTCUSDT'],
    ]);
    const verdict = checkEntry(
      gateInput({
        positions: [held],
        account: account({ available: usd(equity) }),
        correlatedSameSide: 0,
      }),
    );
    const reasons = verdict.kind === 'refused' ? verdict.refusals : [];
    expect(reasons.find(({ code }) => code === 'loss-unknown')?.sentence).toContain(
      'what BTCUSDT can lose is not known',
    );
  });

  it('matters only where it is needed: a stop for all of it bounds the loss without margin or equity', () => {
    const isolated = bare({ marginAssumed: true });
    expect(shown(isolated, '1000', ...stopped(isolated))[2]).toBe('3');
    const shared = cross();
    const { loss } = heatOfPosition(shared, stopped(shared), {
      equity: undefined,
      costs: NO_COSTS,
    });
    expect(loss && toText(loss)).toBe('3');
    expect(heatOfPosition(shared, [], { equity: undefined, costs: NO_COSTS }).basis).toBe(
      'unknown',
    );
  });
});

const fine = instrument({ step: qty('0.000000000000000001'), minQty: qty('0.000000000000000001') });
const bought = (over: Partial<GateInput>): string => {
  const verdict = checkEntry(
    gateInput({ instrument: fine, correlatedSameSide: 0, categories: ELSEWHERE, ...over }),
  );
  return verdict.kind === 'approved'
    ? `${toText(verdict.entry.qty)} by ${verdict.boundBy}`
    : verdict.refusals.map(({ code }) => code).join();
};
const ELSEWHERE = new Map([['BTCUSDT', 'major']]);
const tight = candidate({ stop: price('99.5'), target: price('102') });

describe('the limit for a jump', () => {
  /** Without costs 15 % of equity is 1.5 times equity in a jump of 10 %. */
  const holding = (size: string, limits = FREE_LIMITS): Partial<GateInput> => {
    const held = position({ qty: qty(size), margin: usd('300') });
    return { candidate: tight, positions: [held], protections: [stopFor(held, '99.9')], limits };
  };

  it('binds at 1.5 times equity, open positions included, and names itself', () => {
    expect(bought(holding('4.9'))).toBe('10 by position-margin');
    expect(bought(holding('6'))).toBe('9 by jump');
    expect(bought(holding('15'))).toBe('no-room-jump');
    expect(bought(holding('5', { ...FREE_LIMITS, maxJumpLoss: ratio('0.1') }))).toBe('5 by jump');
    expect(bought(holding('5', { ...FREE_LIMITS, jumpMove: ratio('0.125') }))).toBe('7 by jump');
    const verdict = checkEntry(
      gateInput({ ...holding('6'), correlatedSameSide: 0, categories: ELSEWHERE }),
    );
    expect(verdict.kind === 'approved' && verdict.entry.plan.boundBy).toBe('the loss in a jump');
  });

  it('counts entries on their way and resting orders', () => {
    const sent = {
      symbol: 'SOLUSDT',
      side: 'long',
      category: 'x',
      entry: price('100'),
      qty: qty('6'),
      risk: usd('1'),
      margin: usd('1'),
    } as const;
    expect(bought({ candidate: tight, limits: FREE_LIMITS, inFlight: [sent] })).toBe('9 by jump');
    const short = { ...sent, side: 'short', entry: price('200'), qty: qty('3') } as const;
    expect(bought({ candidate: tight, limits: FREE_LIMITS, inFlight: [short] })).toBe('9 by jump');
  });

  it('leaves a gap of 8 % through three tight stops under what it allows', () => {
    const held: Position[] = [];
    for (const symbol of ['A', 'B', 'C']) {
      const verdict = checkEntry(
        gateInput({
          instrument: instrument({ symbol: `${symbol}USDT` }),
          candidate: { ...tight, symbol: `${symbol}USDT`, category: symbol },
          positions: held,
          protections: held.map((each) => stopFor(each, '99.5')),
          correlatedSameSide: 0,
          categories: new Map(held.map((each) => [each.symbol, each.id])),
        }),
      );
      if (verdict.kind === 'approved') {
        const { qty: size, plan } = verdict.entry;
        held.push(
          position({ id: symbol, symbol: `${symbol}USDT`, qty: size, margin: plan.margin }),
        );
      }
    }
    expect(held.length).toBeGreaterThan(1);
    const scale = { equity: usd('1000'), costs: WIDEST };
    const [gap, jump] = ['0.08', '0.1'].map((by) => lossInJumpOf(held, scale, ratio(by)) ?? 0n);
    expect(jump).toBeLessThanOrEqual(usd('150'));
    expect(gap).toBeLessThan(jump ?? 0n);
    expect(gap).toBeGreaterThan(usd('90'));
  });

  it('takes no more of an isolated position than its margin, and of cross ones than equity', () => {
    const small = bare({ leverage: 50, margin: usd('2') });
    const all = (positions: Position[], equity: string) =>
      toText(lossInJumpOf(positions, at(equity), ratio('0.1')) ?? usd('-1'));
    expect(all([small], '1000')).toBe('2');
    expect(all([bare({ ...small, marginAssumed: true })], '1000')).toBe('10');
    expect(all([cross({ qty: qty('200') }), cross({ id: 'b', qty: qty('200') })], '3000')).toBe(
      '3000',
    );
    expect(all([cross({ qty: qty('200') }), small], '3000')).toBe('2002');
    expect(lossInJumpOf([bare({ qty: qty('0') })], at('1'), ratio('0.1'))).toBeUndefined();
  });
});

describe('the smallest trade', () => {
  /** A stop of it leaves this much of the day's 30. */
  const dayLeft = (left: string): Partial<GateInput> => {
    const held = position({ margin: usd('100'), liquidationPrice: price('1') });
    const stop = toText(usd(`${70 + Number(left)}`));
    return {
      positions: [held],
      protections: [stopFor(held, stop)],
      limits: { ...FREE_LIMITS, maxHeat: ratio('1') },
    };
  };

  it('is a quarter of the usual risk: exactly that passes, less is refused as too small', () => {
    expect(bought({ ...dayLeft('3.75') })).toBe('2.5 by daily-budget');
    expect(bought({ ...dayLeft('3.7499') })).toBe('too-small');
    const verdict = checkEntry(
      gateInput({ ...dayLeft('0.44'), instrument: fine, categories: ELSEWHERE }),
    );
    expect(verdict.kind === 'refused' && verdict.refusals.map(({ sentence }) => sentence)).toEqual([
      'Too small to be worth its costs: what today may still lose leaves a loss of 0.44 USDT at the stop; the smallest trade is at least 3.75 USDT at the stop, 25 % of the risk per trade.',
    ]);
  });

  it('counts what heat and category leave alike', () => {
    const held = position({ margin: usd('100'), liquidationPrice: price('1') });
    const over = { positions: [held], protections: [stopFor(held, '90')] };
    const heat = (most: string) => ({
      ...FREE_LIMITS,
      categoryHeatShare: ratio('1'),
      maxHeat: ratio(most),
    });
    expect(bought({ ...over, limits: heat('0.01375') })).toBe('2.5 by heat');
    expect(bought({ ...over, limits: heat('0.0137499') })).toBe('too-small');
    const inIt = (most: string) => ({
      ...over,
      categories: new Map(),
      limits: { ...FREE_LIMITS, categoryHeatShare: ratio(most) },
    });
    expect(bought(inIt('0.275'))).toBe('2.5 by category-heat');
    expect(bought(inIt('0.2749'))).toBe('too-small');
  });

  it('counts what a jump and free margin leave, where it is under a quarter of the whole besides', () => {
    // 15 x 0.1 allow 150; a quarter of the risk is 7.5 units at a stop of 0.5, a quarter of the room 3.75.
    const held = (size: string) => position({ qty: qty(size), margin: usd('300') });
    const room = (size: string) => ({
      candidate: tight,
      positions: [held(size)],
      protections: [stopFor(held(size), '99.9')],
      limits: FREE_LIMITS,
    });
    expect(bought(room('11.25'))).toBe('3.75 by jump');
    expect(bought(room('11.2501'))).toBe('too-small');
    const sent = (margin: string) =>
      ({
        symbol: 'SOLUSDT',
        side: 'long',
        category: 'x',
        entry: price('1'),
        qty: qty('1'),
        risk: usd('0'),
        margin: usd(margin),
      }) as const;
    const bound = (margin: string) => ({
      candidate: tight,
      inFlight: [sent(margin)],
      limits: { ...FREE_LIMITS, maxJumpLoss: ratio('1') },
    });
    // At 5x a unit binds 20, so 1000 allow 50: from a risk of 3.75 on it is enough.
    expect(bought(bound('850'))).toBe('7.5 by free-margin');
    expect(bought(bound('850.01'))).toBe('too-small');
  });

  it('says nothing of what every trade of its kind is given', () => {
    const limits = { ...FREE_LIMITS, marginPerPosition: ratio('0.01') };
    expect(bought({ candidate: tight, limits })).toBe('0.5 by position-margin');
    expect(bought({ instrument: { ...fine, maxMarketQty: qty('0.1') }, limits: FREE_LIMITS })).toBe(
      '0.1 by max-quantity',
    );
    expect(bought({ candidate: candidate({ maxQty: qty('0.2') }), limits: FREE_LIMITS })).toBe(
      '0.2 by approved',
    );
  });

  it('follows the first equity of a day that has won', () => {
    const won = account({ available: usd('8900'), margin: usd('100') });
    const held = position({ margin: usd('100'), liquidationPrice: price('1') });
    const over = { account: won, positions: [held], protections: [stopFor(held, '74')] };
    // 4 of the day's 30 are left: more than a quarter of 15, far less than one of 135.
    expect(bought({ ...over, limits: { ...FREE_LIMITS, maxHeat: ratio('1') } })).toMatch(
      /by daily-budget$/,
    );
  });
});
