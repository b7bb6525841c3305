import { expect, it } from 'vitest';
import { clientIdFor } from '../../src/domain/order.ts';

const NONCE = 'aZ-_09aZ-_09aZ-_09aZ-_';

it('an order has an id of its own for each purpose, the same in every run, of letters and digits the exchange takes', () => {
  const ids = [clientIdFor('entry', NONCE), clientIdFor('change', NONCE)];
  expect(ids).toEqual(['vgaZ0009aZ0009aZ0009aZ00', 'vmaZ0009aZ0009aZ0009aZ00']);
  for (const each of ids) expect(each).toMatch(/^[A-Za-z0-9]{1,32}$/);
});
