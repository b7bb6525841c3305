/** A stop that follows through a rise and a cascade, step by step, as a pure walk: it never loosens, always rests, and ends the position once. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  percent,
  price,
  priceFromNumber,
  qty,
  toNumber,
  type Price,
} from '../../src/domain/money/money.ts';
import { stopReached, type ProtectiveOrder, type Side } from '../../src/domain/position.ts';
import { trailStep } from '../../src/risk/gate/trail.ts';
import { position } from './fixtures.ts';

const tick = price('0.01');
const MINUTES_A_CANDLE = 15;

interface Walk {
  /** Where the stop rested before each minute. */
  readonly stops: readonly Price[];
  readonly planned?: Price;
  readonly came?: Price;
}

/** Minute by minute: first what the price does to the stop that rests, then one step of the plan. */
function walk(side: Side, path: readonly number[], share: string): Walk {
  const [first = 1] = path;
  const entryPrice = priceFromNumber(first, tick, 'half-even');
  const held = position({ id: 'p1', side, qty: qty('1'), entryPrice });
  const stops: Price[] = [];
  let resting = trailStep({
    position: held,
    protections: [],
    close: first,
    mark: entryPrice,
    tick,
    share: percent(share),
  });
  for (const [minute, at] of path.entries()) {
    if (resting === undefined) throw new Error('no stop rests');
    stops.push(resting);
    const mark = priceFromNumber(at, tick, 'half-even');
    // At the stop, or beyond it where the price jumped past.
    if (stopReached(side, resting, mark)) return { stops, planned: resting, came: mark };
    const protections: readonly ProtectiveOrder[] = [
      { id: 's', positionId: 'p1', symbol: held.symbol, stopPrice: resting },
    ];
    const closedAt = Math.floor(minute / MINUTES_A_CANDLE) * MINUTES_A_CANDLE;
    const sight = { position: held, protections, close: path[closedAt] ?? at, mark, tick };
    resting = trailStep({ ...sight, share: percent(share) }) ?? resting;
  }
  return { stops };
}

/** A rise, then a fall in jumps, each minute drawn; as shares of the price of the minute before. */
const cascade = fc
  .tuple(
    fc.array(fc.double({ min: -0.003, max: 0.006, noNaN: true }), {
      minLength: 60,
      maxLength: 240,
    }),
    fc.array(fc.double({ min: -0.08, max: 0.01, noNaN: true }), { minLength: 30, maxLength: 60 }),
  )
  .map(([rise, fall]) => {
    const path = [100];
    for (const move of [...rise, ...fall]) path.push((path.at(-1) ?? 100) * (1 + move));
    return path;
  });

it.each(['long', 'short'] as const)('of a %s', (side) => {
  fc.assert(
    fc.property(cascade, fc.integer({ min: 5, max: 80 }), (path, tenths) => {
      // A short meets the same cascade upside down.
      const met = side === 'long' ? path : path.map((each) => 10_000 / each);
      const { stops, planned, came } = walk(side, met, String(tenths / 10));
      for (const [index, stop] of stops.entries()) {
        const before = stops[index - 1] ?? stop;
        expect(side === 'long' ? stop >= before : stop <= before).toBe(true);
      }
      if (planned === undefined || came === undefined) return;
      const worse =
        side === 'long' ? toNumber(planned) - toNumber(came) : toNumber(came) - toNumber(planned);
      // Never better than it said, and past it by no more than one jump of the price.
      expect(worse).toBeGreaterThanOrEqual(0);
      expect(worse / toNumber(planned)).toBeLessThanOrEqual(0.0871);
    }),
    { numRuns: 200 },
  );
});

it('keeps most of a rise: after 20 % up and a cascade of 30 % it ends near the top', () => {
  const rise = Array.from({ length: 200 }, (_, minute) => 100 + minute / 10);
  const fall = Array.from({ length: 30 }, (_, minute) => 120 * (1 - minute / 100));
  const { planned, came } = walk('long', [...rise, ...fall], '3');
  expect(toNumber(planned ?? price('1'))).toBeGreaterThan(113);
  expect(toNumber(came ?? price('1'))).toBeGreaterThan(112);
});
