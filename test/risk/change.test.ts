/** Changes of one open position: what is possible, at the exact boundary, and that nothing is loosened past what the limits leave. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  percent,
  price,
  qty,
  ratio,
  sub,
  toNumber,
  toText,
  usd,
  ZERO_USD,
} from '../../src/domain/money/money.ts';
import type { ProtectiveOrder } from '../../src/domain/position.ts';
import { checkChange, resolveChange, type ChangeFacts } from '../../src/risk/gate/change.ts';
import { breakEvenPrice } from '../../src/risk/terms/break-even.ts';
import { pnlOfExit } from '../../src/risk/terms/costs.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { instrument, NORMAL, NOW, position, riskState } from './fixtures.ts';

const stopAt = (at: string): ProtectiveOrder => ({
  id: 's',
  positionId: 'p1',
  symbol: 'BTCUSDT',
  stopPrice: price(at),
});

/** 0.02 BTC long from 50,000 on 10,000 USDT; a stop at 49,000 is 20 USDT and costs away. */
function facts(over: Partial<ChangeFacts> = {}): ChangeFacts {
  const held = position({
    id: 'p1',
    symbol: 'BTCUSDT',
    side: 'long',
    qty: qty('0.02'),
    entryPrice: price('50000'),
    margin: usd('500'),
    leverage: 2,
    unrealisedPnl: ZERO_USD,
    fees: usd('0.6'),
    liquidationPrice: price('25500'),
  });
  return {
    position: held,
    positions: [held],
    protections: [stopAt('49000')],
    mark: price('50000'),
    instrument: instrument({ symbol: 'BTCUSDT' }),
    equity: usd('10000'),
    limits: DEFAULT_LIMITS,
    state: riskState({
      dayStartEquity: usd('10000'),
      dayFirstEquity: usd('10000'),
      lastEquity: usd('10000'),
      peakEquity: usd('10000'),
    }),
    mode: NORMAL,
    ...over,
  };
}
const asked = (stop: string, over: Partial<ChangeFacts> = {}) =>
  checkChange({ kind: 'levels', stop: price(stop) }, facts(over));
const halted = { mode: { mode: 'halted', reasons: [], since: NOW } } as const;

describe('a stop that is moved', () => {
  it('nearer is always possible: while halted, with nothing known of the day, without a budget', () => {
    const worst = { ...halted, state: undefined, equity: usd('1') };
    expect(asked('49500', worst)).toMatchObject({ kind: 'levels', looser: false });
  });

  it('is looser by one tick and tighter by one tick', () => {
    expect(asked('48999.9')).toMatchObject({ looser: true });
    expect(asked('49000.1')).toMatchObject({ looser: false });
    expect(asked('49000')).toMatchObject({ kind: 'refused' });
  });

  it('further away is refused while halted and where the day or the mode is not known', () => {
    expect(asked('48900', halted)).toMatchObject({ reason: expect.stringContaining('halted') });
    for (const over of [{ mode: undefined }, { state: undefined }])
      expect(asked('48900', over)).toMatchObject({ kind: 'refused' });
  });

  it('fits while no trade loses more than 1.5 % of the account, and not a tick beyond', () => {
    // 150 USDT at most; the margin of isolated 2x does not bound it.
    const size = { qty: qty('0.1'), margin: usd('2500') };
    const held = { ...facts().position, ...size };
    const over = { position: held, positions: [held], protections: [stopAt('49900')] };
    const loss = (stop: string): number => -toNumber(pnlOfExit(held, price(stop), DEFAULT_LIMITS));
    const last = [...Array(400)]
      .map((_, index) => (48_900 - index).toString())
      .findLast((stop) => loss(stop) <= 150);
    if (last === undefined) throw new Error('no such stop');
    const next = toText(sub(price(last), price('1')));
    expect(loss(next)).toBeGreaterThan(150);
    expect(asked(last, over)).toMatchObject({ kind: 'levels', looser: true });
    expect(asked(next, over)).toMatchObject({ reason: expect.stringContaining('1.5 %') });
  });

  it('is refused where all positions together, or the day, would be over their limits', () => {
    const other = position({ id: 'p2', symbol: 'ETHUSDT', qty: qty('24') });
    const both = { positions: [facts().position, other] };
    expect(asked('48000', both)).toMatchObject({ reason: expect.stringContaining('together') });
    const lossy = {
      state: riskState({ dayStartEquity: usd('10280'), dayFirstEquity: usd('10280') }),
    };
    expect(asked('48000', lossy)).toMatchObject({ reason: expect.stringContaining('today') });
    expect(asked('48990', lossy)).toMatchObject({ kind: 'levels', looser: true });
  });

  it('must be on the losing side of the price, before liquidation and near enough to be meant', () => {
    expect(asked('50000')).toMatchObject({ reason: expect.stringContaining('below the price') });
    expect(asked('49999.9')).toMatchObject({ kind: 'levels' });
    const near = { ...facts().position, liquidationPrice: price('49200') };
    const over = { position: near, positions: [near], protections: [stopAt('49500')] };
    expect(asked('49200', over)).toMatchObject({ reason: expect.stringContaining('Liquidation') });
    expect(asked('24000')).toMatchObject({ reason: expect.stringContaining('50 %') });
  });

  it('stands beside stops for a part and replaces the one for the whole', () => {
    const part: ProtectiveOrder = { ...stopAt('49800'), id: 'part', stopQty: qty('0.01') };
    const verdict = asked('49500', { protections: [stopAt('49000'), part] });
    expect(verdict).toMatchObject({ kind: 'levels', looser: false, after: { basis: 'stop' } });
  });

  it('where none rested is never looser', () => {
    expect(asked('49000', { protections: [], ...halted })).toMatchObject({ looser: false });
  });

  it('never lets the position lose more than before while halted, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000, max: 80_000 }),
        fc.integer({ min: 30_000, max: 49_999 }),
        fc.integer({ min: 30_000, max: 49_999 }),
        (mark, now, wanted) => {
          const at = { ...halted, mark: price(String(mark)), protections: [stopAt(String(now))] };
          const verdict = asked(String(wanted), at);
          if (verdict.kind !== 'levels') return;
          const { before, after } = verdict;
          if (before.further === undefined) return;
          expect(after.further).toBeDefined();
          expect((after.further ?? 0n) <= before.further).toBe(true);
        },
      ),
    );
  });
});

describe('a target that is moved', () => {
  const target = (at: string) => checkChange({ kind: 'levels', target: price(at) }, facts());

  it('must be on the winning side of the price', () => {
    expect(target('50000')).toMatchObject({ kind: 'refused' });
    expect(target('50000.1')).toMatchObject({ kind: 'levels', looser: false });
    expect(target('80000')).toMatchObject({ reason: expect.stringContaining('50 %') });
  });
});

describe('a part that is closed', () => {
  const close = (share: string, over: Partial<ChangeFacts> = {}) => {
    const all = facts(over);
    const change = resolveChange({ kind: 'close', share: percent(share) }, all);
    if (typeof change === 'string') throw new Error(change);
    return checkChange(change, all);
  };
  const rules = {
    instrument: instrument({ symbol: 'BTCUSDT', step: qty('0.001'), minQty: qty('0.005') }),
  };

  it('is cut to the step, down; all of it is all of it', () => {
    expect(close('50', rules)).toMatchObject({ reduce: { qty: qty('0.01'), whole: false } });
    expect(close('33.3', rules)).toMatchObject({ reduce: { qty: qty('0.006'), whole: false } });
    expect(close('100', rules)).toMatchObject({ reduce: { qty: qty('0.02'), whole: true } });
  });

  it('is not below the smallest order, and leaves nothing below it', () => {
    expect(close('25', rules)).toMatchObject({ reduce: { qty: qty('0.005') } });
    expect(close('24', rules)).toMatchObject({ reason: expect.stringContaining('smallest order') });
    expect(close('75', rules)).toMatchObject({ reduce: { qty: qty('0.015') } });
    expect(close('80', rules)).toMatchObject({ reason: expect.stringContaining('left') });
  });

  it('is possible while halted and with nothing else known', () => {
    const none = { ...halted, ...rules, state: undefined, equity: ZERO_USD };
    expect(close('50', none)).toMatchObject({ kind: 'close' });
  });

  it('is never more than the position, for every size and share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (size, share) => {
          const held = { ...facts().position, qty: qty(`0.${String(size).padStart(4, '0')}`) };
          const all = facts({ position: held, positions: [held] });
          const change = resolveChange({ kind: 'close', share: ratio(String(share / 1_000)) }, all);
          if (typeof change === 'string' || change.kind !== 'close') throw new Error('no close');
          const verdict = checkChange(change, all);
          if (verdict.kind === 'close') expect(verdict.reduce.qty <= held.qty).toBe(true);
        },
      ),
    );
  });
});

describe('break-even', () => {
  const tick = price('0.1');

  it.each(['long', 'short'] as const)(
    'of a %s loses nothing there and something a tick before',
    (side) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 100, max: 200_000_0 }),
          fc.integer({ min: 1, max: 9_999 }),
          fc.integer({ min: 0, max: 500 }),
          fc.integer({ min: -500, max: 500 }),
          (entry, size, fees, funding) => {
            const held = {
              ...facts().position,
              side,
              entryPrice: price(String(entry / 10)),
              qty: qty(`${size}`),
              fees: usd(`${fees}`),
              funding: usd(`${funding}`),
            };
            const at = breakEvenPrice(held, { costs: DEFAULT_LIMITS, tick });
            if (at === undefined) return;
            const paid = add(held.fees, funding < 0 ? usd(`${-funding}`) : ZERO_USD);
            const worse = side === 'long' ? sub(at, tick) : add(at, tick);
            expect(pnlOfExit(held, at, DEFAULT_LIMITS) >= paid).toBe(true);
            expect(pnlOfExit(held, worse, DEFAULT_LIMITS) < paid).toBe(true);
          },
        ),
      );
    },
  );

  it('is refused with how far the price must go while it is not behind the price', () => {
    const said = resolveChange({ kind: 'break-even' }, facts());
    expect(said).toMatch(/The price must go [\d.]+ % your way first/);
    const higher = resolveChange({ kind: 'break-even' }, facts({ mark: price('51000') }));
    expect(higher).toMatchObject({ kind: 'levels' });
  });
});
