import { expect, it } from 'vitest';
import { burn, remember, ROWS_KEPT } from '../../../src/simulator/venue/engine/remember.ts';

it('keeps the newest rows of a history', () => {
  const rows: number[] = [];
  for (let row = 1; row <= ROWS_KEPT + 5; row += 1) remember(rows, row);
  expect(rows).toHaveLength(ROWS_KEPT);
  expect([rows[0], rows.at(-1)]).toEqual([6, ROWS_KEPT + 5]);
});

it('keeps client ids burnt for longer than their orders are listed', () => {
  const ids = new Map<string, string>();
  for (let at = 0; at < 2 * ROWS_KEPT; at += 1) burn(ids, `id${at}`, String(at));
  expect(ids.get('id0')).toBe('0');
  for (let at = 0; at < 20 * ROWS_KEPT; at += 1) burn(ids, `more${at}`, String(at));
  expect(ids.size).toBe(10 * ROWS_KEPT);
});
