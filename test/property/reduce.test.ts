import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sub, type Qty } from '../../src/domain/money/money.ts';
import { checkReduce } from '../../src/risk/gate/reduce.ts';
import { position } from '../risk/fixtures.ts';

const anyQty = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map((value) => value as Qty);
const anyPosition = fc
  .record({
    side: fc.constantFrom('long' as const, 'short' as const),
    qty: anyQty,
  })
  .map((over) => position(over));

describe('a reduce order', () => {
  it('never exceeds the position and always closes its side', () => {
    fc.assert(
      fc.property(anyPosition, anyQty, (held, asked) => {
        const verdict = checkReduce({ position: held, qty: asked });
        if (verdict.kind === 'refused') {
          expect(held.qty <= 0n || asked <= 0n).toBe(true);
          return;
        }
        const { reduce } = verdict;
        const left = sub(held.qty, reduce.qty);
        expect(reduce.qty > 0n && left >= 0n && left < held.qty).toBe(true);
        expect(reduce.orderSide).toBe(held.side === 'long' ? 'sell' : 'buy');
        expect(reduce.whole).toBe(left === 0n);
        expect([reduce.positionId, reduce.symbol]).toEqual([held.id, held.symbol]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused in words when nothing is open or nothing is asked for', () => {
    const none = checkReduce({ position: undefined, qty: 1n as Qty });
    expect(none).toMatchObject({
      kind: 'refused',
      refusals: [{ code: 'no-position', sentence: 'There is no open position to close.' }],
    });
    const zero = checkReduce({ position: position(), qty: 0n as Qty });
    expect(zero).toMatchObject({ kind: 'refused', refusals: [{ code: 'quantity-not-positive' }] });
  });
});
