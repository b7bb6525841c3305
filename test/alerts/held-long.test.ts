import { expect, it } from 'vitest';
import { heldLong } from '../../src/alerts/rules/held-long.ts';
import { DAY } from '../../src/domain/time.ts';
import { NOW, position } from './fixtures.ts';

it('asks once whether to close what is open for 14 days, and not a millisecond before', () => {
  const held = position({ openedAt: NOW });
  expect(heldLong(held, NOW + 14 * DAY - 1)).toBeUndefined();
  const asked = heldLong(held, NOW + 14 * DAY);
  expect(asked?.title).toContain('is open for 14 days. Close it?');
  expect(asked?.buttons?.flat().map(({ action }) => action)).toEqual([
    'close-position',
    'position-details',
  ]);
  // The same question however often it is looked at, so that it is told once.
  expect(heldLong(held, NOW + 20 * DAY)).toEqual(asked);
});

it('asks nothing where the exchange does not say since when', () => {
  expect(heldLong(position({ openedAt: 0 }), NOW)).toBeUndefined();
});
