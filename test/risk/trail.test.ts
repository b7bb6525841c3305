/** A stop that follows the price: only ever nearer, never too near, and one bad tick moves nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  percent,
  price,
  qty,
  scaleBy,
  sub,
  toNumber,
  type Price,
} from '../../src/domain/money/money.ts';
import type { ProtectiveOrder, Side } from '../../src/domain/position.ts';
import { TRAIL_LEAST, trailStep, type TrailSight } from '../../src/risk/gate/trail.ts';
import { position } from './fixtures.ts';

const tick = price('0.1');

function sight(
  over: Partial<TrailSight> & { readonly side?: Side; readonly stop?: string } = {},
): TrailSight {
  const { side = 'long', stop, ...rest } = over;
  const held = position({ id: 'p1', side, qty: qty('1'), entryPrice: price('1000') });
  const resting: ProtectiveOrder = {
    id: 's',
    positionId: 'p1',
    symbol: 'BTCUSDT',
    ...(stop === undefined ? {} : { stopPrice: price(stop) }),
  };
  return {
    position: held,
    protections: stop === undefined ? [] : [resting],
    close: 1000,
    mark: price('1000'),
    tick,
    share: percent('2'),
    ...rest,
  };
}

describe('a stop that follows the price', () => {
  it('is the signed distance from the worse of the closed candle and the mark price', () => {
    expect(trailStep(sight({ stop: '900' }))).toBe(price('980'));
    expect(trailStep(sight({ stop: '900', close: 1100 }))).toBe(price('980'));
    expect(trailStep(sight({ stop: '900', mark: price('1100') }))).toBe(price('980'));
    expect(trailStep(sight({ side: 'short', stop: '1100' }))).toBe(price('1020'));
    expect(trailStep(sight({ side: 'short', stop: '1100', close: 900 }))).toBe(price('1020'));
  });

  it('is placed where none rests, and moves by no less than a tenth of a percent', () => {
    expect(trailStep(sight())).toBe(price('980'));
    expect(trailStep(sight({ stop: '979' }))).toBe(price('980'));
    expect(trailStep(sight({ stop: '979.1' }))).toBeUndefined();
    expect(trailStep(sight({ stop: '980' }))).toBeUndefined();
  });

  it('is never looser, nearer than half a percent to the mark price, or past it, whatever is seen', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Side>('long', 'short'),
        fc.integer({ min: 1_000, max: 50_000 }),
        fc.integer({ min: 1_000, max: 50_000 }),
        fc.option(fc.integer({ min: 1_000, max: 50_000 }), { nil: undefined }),
        fc.integer({ min: 1, max: 3_000 }),
        (side, close, mark, stop, share) => {
          const seen = sight({
            side,
            close: close / 10,
            mark: price(String(mark / 10)),
            share: percent(String(share / 100)),
            ...(stop === undefined ? {} : { stop: String(stop / 10) }),
          });
          const next = trailStep(seen);
          if (next === undefined) return;
          const nearer = (one: Price, other: Price): boolean =>
            side === 'long' ? one > other : one < other;
          if (stop !== undefined) expect(nearer(next, price(String(stop / 10)))).toBe(true);
          const room = side === 'long' ? sub(seen.mark, next) : sub(next, seen.mark);
          expect(room >= scaleBy(seen.mark, TRAIL_LEAST, 'down')).toBe(true);
          // Either source alone could be a bad tick: it is far enough from both.
          const fromClose = Math.abs(toNumber(next) - close / 10) / (close / 10);
          const behindClose =
            side === 'long' ? toNumber(next) < close / 10 : toNumber(next) > close / 10;
          expect(behindClose && fromClose >= share / 10_000 - 1e-9).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('stays where a source says nothing that can be used', () => {
    for (const close of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY])
      expect(trailStep(sight({ close }))).toBeUndefined();
    expect(trailStep(sight({ mark: price('0') }))).toBeUndefined();
  });
});
