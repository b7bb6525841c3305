import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  notionalOf,
  price,
  qty,
  ratio,
  scaleBy,
  sumUsd,
  toNumber,
  usd,
  type Usd,
} from '../../src/domain/money/money.ts';
import type { Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { heatOf, heatOfPosition } from '../../src/risk/terms/heat.ts';
import { lossInJumpOf } from '../../src/risk/terms/jump.ts';
import { btcShock, gapThroughStops, jumpAgainst } from '../../src/risk/portfolio/stress.ts';
import { account, position, stopFor } from '../risk/fixtures.ts';

const COSTS = { takerFee: ratio('0.0006'), slippage: ratio('0.0005') };
const cents = (from: number, to: number): fc.Arbitrary<number> =>
  fc.integer({ min: from * 100, max: to * 100 }).map((value) => value / 100);

/** Entries at 100; the price is somewhere else; stops may be passed, for parts, beyond liquidation, or missing. */
const anyHeld = fc.record({
  side: fc.constantFrom('long' as const, 'short' as const),
  mode: fc.constantFrom('isolated' as const, 'cross' as const),
  size: cents(0.01, 200),
  mark: cents(60, 160),
  leverage: fc.constantFrom(1, 2, 5, 20, 50, 125),
  line: fc.option(cents(20, 190), { nil: undefined }),
  stops: fc.array(fc.record({ at: cents(50, 170), share: cents(0.1, 1.5) }), { maxLength: 3 }),
});
type Held = typeof anyHeld extends fc.Arbitrary<infer T> ? T : never;

function positionOf(held: Held, n: number): Position {
  const size = qty(held.size.toFixed(2));
  const away = (held.side === 'long' ? 1 : -1) * (held.mark - 100);
  const base = position({
    id: `p${n}`,
    symbol: `P${n}USDT`,
    side: held.side,
    marginMode: held.mode,
    qty: size,
    leverage: held.leverage,
    unrealisedPnl: usd((away * held.size).toFixed(6)),
  });
  const { liquidationPrice: _none, ...bare } = base;
  return held.line === undefined
    ? bare
    : { ...bare, liquidationPrice: price(held.line.toFixed(2)) };
}

const stopsOf = (held: Held, of: Position): ProtectiveOrder[] =>
  held.stops.map(({ at, share }, k) =>
    stopFor(of, at.toFixed(2), {
      id: `${of.id}-${k}`,
      stopQty: qty((held.size * share).toFixed(4)),
    }),
  );

const anyBook = fc
  .record({ held: fc.array(anyHeld, { maxLength: 5 }), equity: cents(1, 50_000) })
  .map(({ held, equity }) => {
    const positions = held.map(positionOf);
    const protections = positions.flatMap((each, n) => stopsOf(held[n] as Held, each));
    return { positions, protections, equity: usd(equity.toFixed(2)) };
  });

const cross = (positions: readonly Position[]): readonly Position[] =>
  positions.map((each) => ({ ...each, marginMode: 'cross' as const }));

describe('what positions can lose', () => {
  it('is never below nothing, and from now it is nothing only where nothing is open', () => {
    fc.assert(
      fc.property(anyBook, ({ positions, protections, equity }) => {
        const heat = heatOf(positions, protections, { equity, costs: COSTS });
        expect(heat.unknown).toEqual([]);
        for (const { loss = -1n, further = -1n, notYetLost = -1n } of [heat, ...heat.rows]) {
          expect(loss >= 0n && notYetLost >= 0n && notYetLost <= loss).toBe(true);
          expect(further > 0n).toBe(positions.length > 0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is at most equity for all cross positions together, and each by itself', () => {
    fc.assert(
      fc.property(anyBook, ({ positions, protections, equity }) => {
        const { rows, ...heat } = heatOf(cross(positions), protections, { equity, costs: COSTS });
        for (const { loss = -1n, further = -1n, notYetLost = -1n } of [heat, ...rows]) {
          expect(loss <= equity && further <= equity && notYetLost <= equity).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is at most its margin and the fee of closing it for an isolated one', () => {
    fc.assert(
      fc.property(anyBook, ({ positions, protections, equity }) => {
        for (const each of positions.filter(({ marginMode }) => marginMode === 'isolated')) {
          const { loss = -1n } = heatOfPosition(each, protections, { equity, costs: COSTS });
          const fee = scaleBy(notionalOf(each.entryPrice, each.qty, 'up'), COSTS.takerFee, 'up');
          expect(loss >= 0n && loss <= add(each.margin, fee)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is for a cross position the same whatever its leverage, and never less with more of it', () => {
    fc.assert(
      fc.property(anyHeld, cents(1, 50_000), (held, equity) => {
        const scale = { equity: usd(equity.toFixed(2)), costs: COSTS };
        const at = (leverage: Held['leverage']): readonly Usd[] => {
          const one = positionOf({ ...held, mode: 'cross', leverage }, 0);
          const { loss, further } = heatOfPosition(one, stopsOf(held, one), scale);
          return [loss ?? (-1n as Usd), further ?? (-1n as Usd)];
        };
        const [loss, further] = at(1);
        for (const leverage of [5, 50, 125] as const) {
          const [more, moreFurther] = at(leverage);
          expect((more ?? 0n) >= (loss ?? 1n) && (moreFurther ?? 0n) >= (further ?? 1n)).toBe(true);
        }
      }),
    );
  });

  it('adds up: isolated rows exactly, cross ones no further than what is left of equity', () => {
    fc.assert(
      fc.property(anyBook, ({ positions, protections, equity }) => {
        const heat = heatOf(positions, protections, { equity, costs: COSTS });
        for (const of of ['loss', 'further', 'notYetLost'] as const) {
          const sum = (shared: boolean): Usd =>
            sumUsd(heat.rows.filter((row) => row.shared === shared).map((row) => row[of] as Usd));
          const [alone, shared] = [sum(false), sum(true)];
          const room = equity > alone ? equity - alone : 0n;
          expect(heat[of]).toBe(alone + (shared < room ? shared : room));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is never more for a stop that still protects, and the same for one that was passed or is gone', () => {
    fc.assert(
      fc.property(anyHeld, cents(1, 50_000), cents(50, 170), (held, equity, at) => {
        const scale = { equity: usd(equity.toFixed(2)), costs: COSTS };
        const one = positionOf({ ...held, stops: [] }, 0);
        const bare = heatOfPosition(one, [], scale);
        const stopped = heatOfPosition(one, [stopFor(one, at.toFixed(2))], scale);
        const passed = held.side === 'long' ? held.mark <= at : held.mark >= at;
        if (passed) expect(stopped).toEqual(bare);
        else expect((stopped.further ?? 0n) <= (bare.further ?? -1n)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** The same from plain numbers, with formulas of its own. */
function jumpInNumbers(positions: readonly Position[], equity: number, by: number): number {
  const lost = { isolated: 0, cross: 0 };
  for (const each of positions) {
    const sign = each.side === 'long' ? 1 : -1;
    const [size, entry, pnl] = [each.qty, each.entryPrice, each.unrealisedPnl].map(toNumber);
    const mark = (entry ?? 0) + (sign * (pnl ?? 0)) / (size ?? 1);
    const exit = mark * (1 - sign * by) * (1 - sign * toNumber(COSTS.slippage));
    const fee = toNumber(COSTS.takerFee);
    const end = sign * (exit - (entry ?? 0)) * (size ?? 0) - exit * (size ?? 0) * fee;
    const bound = toNumber(each.margin) + (entry ?? 0) * (size ?? 0) * fee;
    const kept = each.marginMode === 'isolated' ? Math.max(end, -bound) : end;
    lost[each.marginMode] += Math.max(0, (pnl ?? 0) - kept);
  }
  return lost.isolated + Math.min(lost.cross, Math.max(0, equity - lost.isolated));
}

describe('the loss in a jump', () => {
  it('is what plain numbers give, whatever stops rest, and what the stress shows', () => {
    fc.assert(
      fc.property(anyBook, cents(0.01, 0.9), ({ positions, protections, equity }, size) => {
        const by = ratio(size.toFixed(2));
        const jump = lossInJumpOf(positions, { equity, costs: COSTS }, by);
        const expected = jumpInNumbers(positions, toNumber(equity), size);
        expect(toNumber(jump ?? (-1n as Usd))).toBeCloseTo(expected, 6);
        const read = account({ available: equity });
        const input = { account: read, positions, protections, betas: new Map(), costs: COSTS };
        expect(jumpAgainst(input, by).change).toBe(-(jump ?? 1n));
      }),
      { numRuns: 500 },
    );
  });

  it('is never more in a smaller jump', () => {
    fc.assert(
      fc.property(anyBook, cents(0.01, 0.5), cents(0, 0.5), ({ positions, equity }, size, more) => {
        const scale = { equity, costs: COSTS };
        const small = lossInJumpOf(positions, scale, ratio(size.toFixed(2))) ?? 0n;
        const large = lossInJumpOf(positions, scale, ratio((size + more).toFixed(2))) ?? -1n;
        expect(small <= large).toBe(true);
      }),
    );
  });

  it('takes no more than equity of cross positions in any bad market', () => {
    fc.assert(
      fc.property(anyBook, cents(0, 0.9), ({ positions, protections, equity }, move) => {
        const read = account({ available: equity });
        const held = cross(positions);
        const input = {
          account: read,
          positions: held,
          protections,
          betas: new Map(),
          costs: COSTS,
        };
        const results = [
          btcShock(input, -move),
          btcShock(input, move),
          gapThroughStops(input),
          jumpAgainst(input, ratio('0.1')),
        ];
        for (const { change, equityAfter } of results) {
          expect(change >= -equity && equityAfter >= 0n).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
